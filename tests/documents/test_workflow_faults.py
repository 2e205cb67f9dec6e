"""Workflows and `requires` that mean nothing are refused, with place, cause and remedy."""

import pytest

from tests.documents.sections import RATIO_EXPECTED, service

GROUP_EXPECTED = "expected branches that are services without `workflow` and `requires`, used nowhere else"


@pytest.mark.parametrize(
    ("workflow", "fault"),
    [
        (
            "{sequence: [a, «fronted]}",
            ".sequence[1]: unknown service 'fronted'; did you mean 'frontend'?",
        ),
        (
            "[a, «{step: a, timeout: 1 s}]",
            ": service 'a' twice in one list, first at line 10, column 37; expected each service "
            "once in a list",
        ),
        (
            "«[]",
            ": an empty list; expected a list of services and expressions, at least 1",
        ),
        (
            "{any_of: «[]}",
            ".any_of: an empty list; expected a list of branches, at least 1",
        ),
        (
            "{any_of: [a, «{step: b, optional: true}]}",
            ".any_of: an optional branch of a redundancy group; expected no `optional` here",
        ),
        (
            "{k_of_n: {k: 1, of: [a, «{step: b, optional: true}]}}",
            ".k_of_n.of: an optional branch of a redundancy group; expected no `optional` here",
        ),
        (
            "{k_of_n: {k: «3, of: [a, b]}}",
            ".k_of_n.k: 3 of 2 branches; expected 1 to 2",
        ),
        (
            "{k_of_n: {k: «0, of: [a]}}",
            ".k_of_n.k: found '0'; expected a whole number, at least 1",
        ),
        (
            "{k_of_n: «[a, b]}",
            ".k_of_n: found a list; expected k_of_n as a mapping with `k`, `of`",
        ),
        (
            "{repeat: «{step: a}}",
            ".repeat: neither `max` nor `probability`; expected exactly one of them",
        ),
        (
            "{repeat: «{step: a, max: 2, probability: 0.1}}",
            ".repeat: both `max` and `probability`; expected exactly one of them",
        ),
        (
            "{repeat: {step: a, max: «0}}",
            ".repeat.max: found '0'; expected a whole number, at least 1",
        ),
        (
            "{repeat: {step: a, max: «1.5}}",
            ".repeat.max: found '1.5'; expected a whole number, at least 1",
        ),
        (
            "{repeat: {step: a, probability: «1}}",
            ".repeat.probability: found 1; expected less than 1",
        ),
        (
            "{choice: [{step: a, probability: 0.7}, «b]}",
            ".choice: a probability on some branches but not on others; expected one on every "
            "branch, or none",
        ),
        (
            "{choice: [«{step: a, probability: 0.7}, {step: b, probability: 0.29}]}",
            ".choice: probabilities that sum to 0.99; expected exactly 1",
        ),
        (
            "{choice: [«{step: a, probability: 0.7}, {step: b, probability: 0.3000000000000000000001}]}",
            ".choice: probabilities that sum to almost, but not exactly, 1; expected exactly 1",
        ),
        (
            "{any_of: [{step: a, timeout: 1 s}, «b, frontend]}",
            ".any_of: a timeout on some branches but not on others; expected one on every branch but "
            "the last (failover in order), or none (a race)",
        ),
        (
            "{any_of: [«a, {step: b, timeout: 1 s}]}",
            ".any_of: a timeout on some branches but not on others; expected one on every branch but "
            "the last (failover in order), or none (a race)",
        ),
        (
            "{«sequense: [a]}",
            ": unknown pattern of workflow 'sequense'; did you mean 'sequence'?",
        ),
        (
            "{«all_of: [a]}",
            ": `all_of` in workflow; expected one of sequence, parallel, any_of, k_of_n, choice, repeat",
        ),
        (
            "«{sequence: [a], optional: true}",
            ": the keys 'sequence', 'optional' together; expected one of sequence, parallel, any_of, "
            "k_of_n, choice, repeat; attributes go beside `step`",
        ),
        (
            "{step: «{step: a}}",
            ".step: a step inside a step; expected one step with all its attributes",
        ),
        (
            "«~",
            ": found nothing; expected the id of a service",
        ),
        (
            "{any_of: {of: [a, «[b]], common_cause: 0.1}}",
            ".any_of.common_cause: `common_cause` on a group with an expression as a branch; "
            f"{GROUP_EXPECTED}",
        ),
        (
            "{any_of: {of: [a, «s], common_cause: 0.1}}",
            ".any_of.common_cause: `common_cause` on a group with 's', which states a workflow or "
            f"`requires`; {GROUP_EXPECTED}",
        ),
        (
            "[{any_of: {of: [a, «b], common_cause: 0.1}}, b]",
            "[0].any_of.common_cause: `common_cause` on a group with 'b', which is used elsewhere "
            f"too; {GROUP_EXPECTED}",
        ),
        (
            "{any_of: {of: [a, b], common_cause: «2}}",
            f".any_of.common_cause: 2 is no share; {RATIO_EXPECTED}",
        ),
    ],
)
def test_a_workflow_that_means_nothing_is_refused(faults_at, workflow, fault):
    faults_at(service(f"workflow: {workflow}"), "services[s].workflow", fault)


def test_requires_has_no_order(faults_at):
    faults_at(
        service("requires: {«sequence: [a]}"),
        "services[s].requires",
        ": `sequence` in requires; expected one of all_of, any_of, k_of_n",
    )


def test_a_group_with_common_cause_may_state_own_parts_and_timeouts(reads):
    portfolio = reads(
        """
        services:
          - {id: a, provider: p, own: [{availability: 99%}]}
          - {id: b, provider: p}
          - {id: s, provider: p, workflow: {any_of: {of: [{step: a, timeout: 1 s}, b], common_cause: 0.1}}}
        """
    )
    assert portfolio.services[2].workflow.of.common_cause is not None
