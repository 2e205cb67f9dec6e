import { graphql, type ResultOf } from "../gql/graphql";

export const SUMMARY = graphql(`
  query Summary($portfolio: ID!, $asOf: Date, $kinds: [AgreementKind!]!, $others: [AgreementKind!]!) {
    portfolio(portfolio: $portfolio, asOf: $asOf) {
      name
      asOf
      currency
      summary(kind: $kinds) { verdict count }
      severities { severity count }
      counts { providers customers services agreements }
    }
    metrics(portfolio: $portfolio) { id unit better }
    others: assessments(portfolio: $portfolio, asOf: $asOf, filter: { kind: $others }, first: 1) { totalCount }
    findings(portfolio: $portfolio, asOf: $asOf, first: 1) { totalCount }
  }
`);

export const TARGETS = graphql(`
  query Targets($portfolio: ID!, $asOf: Date, $filter: AssessmentFilter, $first: Int!, $after: String) {
    assessments(portfolio: $portfolio, asOf: $asOf, filter: $filter, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        nodeId
        agreement { id kind ref provider { id name } customers { id name } }
        service { id name }
        metric
        target { text for }
        verdict
        gap
        draft
        resold
        sentence
        fix
      }
    }
  }
`);

export const FINDINGS = graphql(`
  query Findings($portfolio: ID!, $asOf: Date, $filter: FindingFilter, $first: Int!, $after: String) {
    findings(portfolio: $portfolio, asOf: $asOf, filter: $filter, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes {
        nodeId
        severity
        code
        title
        message
        fix
        subject {
          __typename
          ... on Agreement { id }
          ... on Service { id name }
          ... on Provider { id name }
        }
      }
    }
  }
`);

export const UNASSESSED = graphql(`
  query Unassessed($portfolio: ID!, $asOf: Date, $first: Int!) {
    portfolio(portfolio: $portfolio, asOf: $asOf) {
      notAssessed(first: $first) { agreement { id } service { id name } metric reason }
    }
  }
`);

export const NOT_IN_FORCE = graphql(`
  query NotInForce($portfolio: ID!, $asOf: Date, $first: Int!, $after: String) {
    portfolio(portfolio: $portfolio, asOf: $asOf) {
      notInForce(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { id kind from to provider { id name } }
      }
    }
  }
`);

export type SummaryData = NonNullable<ResultOf<typeof SUMMARY>["portfolio"]>;
export type MetricData = ResultOf<typeof SUMMARY>["metrics"][number];
export type Target = ResultOf<typeof TARGETS>["assessments"]["nodes"][number];
export type Finding = ResultOf<typeof FINDINGS>["findings"]["nodes"][number];
export type NotInForce = NonNullable<
  ResultOf<typeof NOT_IN_FORCE>["portfolio"]
>["notInForce"]["nodes"][number];
