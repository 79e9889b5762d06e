import { asking, type Documents } from "./documents.js";
import { ORDERS } from "./story.js";
import { denied, refused, type Vector } from "./vector.js";

const INVOCATION = "/invocation";
const RESOURCE = `${INVOCATION}/resource`;

/** Section I of HOSTILE.md: resources that are asked for. */
export async function resources(documents: Documents): Promise<readonly Vector[]> {
  const resource = (name: string, what: string, text: string): Promise<Vector> =>
    refused(name, what, asking(documents, { resource: text }), `RESOURCE_INVALID ${RESOURCE}`);
  const notCovered = (name: string, what: string, text: string): Promise<Vector> =>
    denied(name, what, asking(documents, { resource: text }), `NOT_ALLOWED ${RESOURCE}`, ["resources"]);

  return Promise.all([
    notCovered("135-prefix-asked", "a path that only begins like the granted tree", `${ORDERS}eux/77`),
    notCovered("137-case-asked", "a path in upper case", `${ORDERS}EU/77`),
    resource("136-dots", "a .. segment", `${ORDERS}eu/../77`),
    resource("136-escaped-dots", "a .. segment in escapes", `${ORDERS}eu/%2e%2e/77`),
    resource("136-escaped-slash", "an escaped slash", `${ORDERS}eu/..%2f77`),
    resource("136-empty-segment", "an empty segment", `${ORDERS}eu//77`),
    resource("136-backslash", "a backslash", `${ORDERS}eu\\77`),
    resource(
      "137-kelvin-asked",
      "an escape of the Kelvin sign's own bytes in lower case",
      `${ORDERS}eu/%e2%84%aa`,
    ),
    notCovered("160-other-resource", "what is granted for other resources", `${ORDERS}us/77`),
    resource("229-resource", "a dot segment", `${ORDERS}eu/./77`),
    resource("229-escaped-twice", "dots that were escaped twice", `${ORDERS}eu/%252e%252e/77`),
    resource("229-parameter", "a parameter", `${ORDERS}eu/77;v=1`),
    resource("229-query", "a query", `${ORDERS}eu/77?v=1`),
    resource("229-fragment", "a fragment", `${ORDERS}eu/77#a`),
    resource("229-port", "the port that needs no saying", "https://orders.example:443/v1/orders/eu/77"),
    resource("229-host-dot", "a host with a dot at its end", "https://orders.example./v1/orders/eu/77"),
    resource("229-host-case", "a host in upper case", "https://Orders.example/v1/orders/eu/77"),
    resource("229-urn", "URN: in upper case", "URN:orders:eu:77"),
    refused(
      "229-star",
      "* for an action",
      asking(documents, { action: "refund.*" }),
      `SCHEMA_INVALID ${INVOCATION}/action`,
    ),
    notCovered("229-tree", "a tree above the granted one", ORDERS),
  ]);
}
