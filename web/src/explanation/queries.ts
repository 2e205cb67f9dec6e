import { graphql, type ResultOf } from "../gql/graphql";

export const AGREEMENT = graphql(`
  query Agreement($portfolio: ID!, $asOf: Date, $id: ID!, $after: String) {
    portfolio(portfolio: $portfolio, asOf: $asOf) { asOf }
    agreement(portfolio: $portfolio, id: $id) {
      id
      kind
      name
      status
      ref
      link
      hours
      window
      from
      to
      renews
      inForce(on: $asOf)
      review
      notice
      provider { id name contact }
      customers { id name }
      targets { text strength }
      assessments(asOf: $asOf, first: 200, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { nodeId service { id name } metric verdict target { text } }
      }
      findings(asOf: $asOf, first: 200) {
        totalCount
        nodes { nodeId severity code title message fix service { id } metric }
      }
    }
  }
`);

export const EXPLANATION = graphql(`
  query Explanation($portfolio: ID!, $asOf: Date, $id: ID!, $service: ID!, $metric: ID!) {
    explanation(portfolio: $portfolio, asOf: $asOf, agreement: $id, service: $service, metric: $metric) {
      assessment {
        nodeId
        service { id name }
        metric
        target { text }
        verdict
        worse
        draft
        resold
        sentence
        fix
        contracted { ...ViewParts }
        achievable { ...ViewParts }
      }
      contracted { ...StepParts }
      achievable { ...StepParts }
    }
  }
  fragment ViewParts on ViewAssessment {
    verdict
    guaranteed { text }
    independent { text }
    ceiling { text }
    timeAt { basis time { text } }
    missing { service { id name } user { id name } reason detail }
    weakest { kind agreement { id ref provider { id name } } service { id name } share }
  }
  fragment StepParts on ExplanationStep {
    parent
    depth
    kind
    label
    agreement { id }
    ref
    guaranteed { text }
    independent { text }
    ceiling { text }
    share
    notes
  }
`);

export type AgreementData = NonNullable<ResultOf<typeof AGREEMENT>["agreement"]>;
export type Explanation = ResultOf<typeof EXPLANATION>["explanation"][number];
export type ViewData = Explanation["assessment"]["contracted"];
export type Step = Explanation["contracted"][number];
