import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "urql";
import { client } from "../gql/client";
import { router } from "./router";
import "./tokens.css";
import "./base.css";

const page = document.getElementById("page");
if (page === null) throw new Error("index.html has no element for the page");

createRoot(page).render(
  <StrictMode>
    <Provider value={client}>
      <RouterProvider router={router} />
    </Provider>
  </StrictMode>,
);
