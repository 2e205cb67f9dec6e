import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { listed, NameAndId } from "../shared/NameAndId";
import { period } from "../shared/times";
import type { AgreementData } from "./queries";

/** Who promised what to whom, where that is written, and when it holds. */
export function Terms({ agreement }: { readonly agreement: AgreementData }) {
  const dates = [
    agreement.from && `from ${agreement.from}`,
    agreement.to && `to ${agreement.to}`,
    agreement.renews && "renews",
  ].filter(Boolean);
  const terms: readonly (readonly [string, ReactNode])[] = [
    ["Kind", agreement.status === "DRAFT" ? `${agreement.kind}, draft` : agreement.kind],
    ["Provider", <ProviderLink key="provider" provider={agreement.provider} />],
    ["Promised to", listed(agreement.customers, "anyone (standard terms)")],
    ["Clause", <ClauseLink key="clause" written={agreement.ref} link={agreement.link} />],
    ["Holds", dates.length > 0 ? dates.join(" ") : "without dates"],
    ["Hours", agreement.hours],
    ["Window", agreement.window],
    ["Notice", agreement.notice && period(agreement.notice)],
    ["Review", agreement.review],
    ["Contact", agreement.provider.contact],
  ];
  return (
    <dl className="terms">
      {terms.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function ProviderLink({ provider }: { readonly provider: AgreementData["provider"] }) {
  return (
    <>
      <NameAndId thing={provider} />{" "}
      <Link to="/outage" search={{ provider: [provider.id] }} className="small">
        if it fails
      </Link>
    </>
  );
}

function ClauseLink({ written, link }: { readonly written: string | null; readonly link: string | null }) {
  const address = link !== null && /^https?:\/\//i.test(link) ? link : null;
  if (address === null) return written ?? link ?? "none stated";
  return (
    <a href={address} rel="noreferrer">
      {written ?? address}
    </a>
  );
}
