export { createWallet, openWallet, type Wallet, type WalletOptions } from "./wallet.js";
export { requestEnrolment } from "./request-enrolment.js";
export { approveInvocation, type ApprovalOptions } from "./approve-invocation.js";
export { addCredentials } from "./add-credentials.js";
export { listCredentials } from "./credentials.js";
export { delegateAuthority, type Delegation, type DelegationOptions } from "./delegate-authority.js";
export { freeToDelegate, type FreeAuthority, type FreeGrant } from "./delegations.js";
export {
  createPresentation,
  type AskingAgain,
  type CreatedPresentation,
  type PresentationOptions,
} from "./create-presentation.js";
export { createDatabaseWalletStore } from "./store/database-wallet-store.js";
export { createMemoryWalletStore } from "./store/memory-wallet-store.js";
export type { StoredRecord, StoreState, WalletStore } from "./store/wallet-store.js";
