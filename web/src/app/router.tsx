import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from "@tanstack/react-router";
import { Board } from "../board/Board";
import { formatQuery, parseQuery } from "../shared/search";
import { Broken } from "./Broken";
import { NotFound } from "./NotFound";
import { Shell } from "./Shell";
import { boardSearch, explanationSearch, outageSearch, rootSearch } from "./search";

const rootRoute = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  validateSearch: rootSearch,
  search: { middlewares: [retainSearchParams(["portfolio", "asOf"])] },
});

const boardRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  component: Board,
  validateSearch: boardSearch,
});

const explanationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/agreement/$id",
  component: lazyRouteComponent(() => import("../explanation/ExplanationPage"), "ExplanationPage"),
  validateSearch: explanationSearch,
});

const outageRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/outage",
  component: lazyRouteComponent(() => import("../outage/OutagePage"), "OutagePage"),
  validateSearch: outageSearch,
});

/** The pages by address. The address holds all that is chosen, so that it can be sent, kept and gone back to. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([boardRoute, explanationRoute, outageRoute]),
  parseSearch: parseQuery,
  stringifySearch: formatQuery,
  scrollRestoration: true,
  defaultPreload: "intent",
  defaultErrorComponent: Broken,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
