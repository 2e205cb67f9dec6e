import { initGraphQLTada } from "gql.tada";
import type { introspection } from "./schema";

/** Reads a GraphQL document; its result and variables are typed by the schema of the API. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: {
    Date: string;
    DateTime: string;
    Duration: string;
    Decimal: string;
    Quantity: string;
    Money: string;
    BigInt: string;
    JSON: unknown;
  };
}>();

export type { ResultOf, VariablesOf } from "gql.tada";
