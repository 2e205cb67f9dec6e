import "graphiql/style.css";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createClient } from "graphql-ws";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { authorization } from "../gql/credential";
import "./graphiql.css";

const page = document.getElementById("page");
if (page === null) throw new Error("graphiql/index.html has no element for the page");

const { protocol, host } = location;
const wsClient = createClient({
  url: `${protocol === "https:" ? "wss" : "ws"}://${host}/graphql`,
  connectionParams: authorization,
});
const fetcher = createGraphiQLFetcher({ url: "/graphql", headers: authorization(), wsClient });

createRoot(page).render(
  <StrictMode>
    <GraphiQL fetcher={fetcher} defaultEditorToolsVisibility={false} shouldPersistHeaders={false} />
  </StrictMode>,
);
