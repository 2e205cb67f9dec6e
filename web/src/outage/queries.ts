import { graphql, type ResultOf } from "../gql/graphql";

export const OPTIONS = graphql(`
  query Options($portfolio: ID!, $search: String!, $first: Int!) {
    providers(portfolio: $portfolio, filter: { search: $search }, first: $first) {
      totalCount
      nodes { id name kind }
    }
    services(portfolio: $portfolio, filter: { search: $search }, first: $first) {
      totalCount
      nodes { id name provider { id name } }
    }
    agreements(portfolio: $portfolio, filter: { search: $search }, first: $first) {
      totalCount
      nodes { id kind ref }
    }
    portfolio(portfolio: $portfolio) { regions zones }
  }
`);

export const OUTAGE = graphql(`
  query Outage(
    $portfolio: ID!
    $providers: [ID!]
    $services: [ID!]
    $agreements: [ID!]
    $regions: [String!]
    $zones: [String!]
    $from: DateTime
    $for: Duration
  ) {
    outage(
      portfolio: $portfolio
      providers: $providers
      services: $services
      agreements: $agreements
      regions: $regions
      zones: $zones
      from: $from
      for: $for
    ) {
      failed {
        providers { id name }
        services { id name }
        agreements { id }
        regions
        zones
      }
      from
      for
      states { state count }
      customersCount
      customers(first: 1000) { id name contact }
      notKnownCount
      notKnown(first: 1000) { id name provider { id name } }
      slas: agreements(kind: [SLA], first: 1) { totalCount }
      others: agreements(kind: [OLA, UC], first: 1) { totalCount }
    }
  }
`);

export const IMPACTS = graphql(`
  query Impacts(
    $portfolio: ID!
    $providers: [ID!]
    $services: [ID!]
    $agreements: [ID!]
    $regions: [String!]
    $zones: [String!]
    $from: DateTime
    $for: Duration
    $kinds: [AgreementKind!]!
    $first: Int!
    $after: String
  ) {
    outage(
      portfolio: $portfolio
      providers: $providers
      services: $services
      agreements: $agreements
      regions: $regions
      zones: $zones
      from: $from
      for: $for
    ) {
      agreements(kind: $kinds, first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          agreement { id kind ref }
          customers { id name }
          service { id name }
          state
          breach
          breachesAt
          holdsUntil
          budgets {
            target { text }
            windowFrom
            windowTo
            allowed
            already
            left
            breach
            breachesAt
            holdsUntil
            remarks
          }
          due { target { text } at remarks }
          call { provider { id name } contact agreements { id ref } }
        }
      }
    }
  }
`);

export const SERVICES = graphql(`
  query Services(
    $portfolio: ID!
    $providers: [ID!]
    $services: [ID!]
    $agreements: [ID!]
    $regions: [String!]
    $zones: [String!]
    $from: DateTime
    $for: Duration
    $states: [ServiceState!]!
    $first: Int!
    $after: String
  ) {
    outage(
      portfolio: $portfolio
      providers: $providers
      services: $services
      agreements: $agreements
      regions: $regions
      zones: $zones
      from: $from
      for: $for
    ) {
      services(state: $states, first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes {
          service { id name }
          state
          path { id name }
          cause { kind id }
        }
      }
    }
  }
`);

export type OptionsData = ResultOf<typeof OPTIONS>;
export type OutageData = ResultOf<typeof OUTAGE>["outage"];
export type Impact = ResultOf<typeof IMPACTS>["outage"]["agreements"]["nodes"][number];
export type Budget = Impact["budgets"][number];
export type Affected = ResultOf<typeof SERVICES>["outage"]["services"]["nodes"][number];
