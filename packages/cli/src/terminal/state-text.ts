import type { AgentState, CredentialState } from "@writ/issuer";

import { bad, dim, good, type SafeText } from "./safe-text.js";

const SHOWN: Readonly<Record<AgentState | CredentialState, (text: string) => SafeText>> = {
  active: good,
  live: good,
  suspended: bad,
  revoked: bad,
  retired: dim,
  ended: dim,
};

/** The state of an agent or a credential. */
export function stateText(state: AgentState | CredentialState): SafeText {
  return SHOWN[state](state);
}
