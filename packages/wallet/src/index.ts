export {
  createWallet,
  openWallet,
  walletAnchor,
  type OpenWalletOptions,
  type Wallet,
  type WalletOptions,
} from "./wallet.js";
export type { WalletAnchor } from "./vault/wallet-anchor.js";
export {
  createKey,
  destroyKey,
  exportKey,
  importKey,
  listKeys,
  makePrimary,
  useKey,
  type KeyOptions,
} from "./keys/keys.js";
export type { KeyPurpose, WalletKey } from "./keys/key-record.js";
export {
  surveyWallet,
  type OnWhole,
  type SurveyOptions,
  type WalletFinding,
  type WalletSurvey,
} from "./doctor/survey-wallet.js";
export { saveWallet, type SaveWalletOptions } from "./doctor/save-wallet.js";
export type { NamedKeys, SurveyedKey } from "./doctor/saved-records.js";
export type { DoubtfulAge } from "./doctor/found-tallies.js";
export type { Progress } from "./progress.js";
export { rekeyWallet, type Rekeyed, type RekeyOptions } from "./rekey-wallet.js";
export { requestEnrolment } from "./request-enrolment.js";
export { requestRotation } from "./request-rotation.js";
export { approveInvocation, type ApprovalOptions } from "./approve-invocation.js";
export { addCredentials, type IntakeOptions } from "./add-credentials.js";
export {
  countCredentials,
  eachCredential,
  findCredentials,
  findGenericCredentials,
  listCredentials,
  type CredentialFilter,
} from "./credentials.js";
export type { HeldGeneric } from "./credential-record.js";
export type { Collection, Label, RecordContent, VaultRecord } from "./vault/record.js";
export { delegateAuthority, type Delegation, type DelegationOptions } from "./delegate-authority.js";
export type {
  DelegationStatus,
  DelegationStatusPort,
  StatusRequest,
  StatusRevocation,
} from "./delegation-status.js";
export {
  eachDelegation,
  listDelegations,
  type DelegatedBudget,
  type DelegationFilter,
  type DelegationRecord,
  type DelegationState,
} from "./delegations.js";
export { forgetEnded } from "./forget-ended.js";
export { revokeDelegation } from "./revoke-delegation.js";
export { freeToDelegate, type FreeAuthority, type FreeGrant } from "./free-to-delegate.js";
export type { CallLimits } from "./call-port.js";
export { renewDue, type RenewalOptions, type RenewalReport } from "./renewal/renew-due.js";
export {
  renewalDomain,
  type CredentialRenewal,
  type FailedRenewal,
  type Redelegation,
  type RenewalEvent,
  type RenewedCredential,
} from "./renewal/credential-renewal.js";
export {
  createPresentation,
  type AskingAgain,
  type CreatedPresentation,
  type PresentationOptions,
} from "./create-presentation.js";
export {
  explainRequest,
  respond,
  type RequestAnswer,
  type RespondOptions,
  type SignedPresentation,
} from "./respond/respond.js";
export type { Disclosure } from "./respond/select-answers.js";
export type {
  AnsweredQuery,
  ExplainedPresentation,
  RequestExplanation,
  ShownCredential,
} from "./respond/explanation.js";
export type { RequestLanguage, Unmet, UnmetReason } from "./respond/request.js";
export { backupWallet, type BackupOptions } from "./backup/backup-wallet.js";
export type { BackupLimits, BackupSummary, RecordCounts } from "./backup/backup-format.js";
export type { BackupRecipient, BackupSecret } from "./backup/backup-secret.js";
export { restoreWallet, type RestoreOptions, type RestoreProgress } from "./backup/restore-wallet.js";
export { createDatabaseWalletStore } from "./store/database-wallet-store.js";
export { createSqliteRows, type RecordRow, type WalletRows } from "./store/sqlite-rows.js";
export { sqlitePageSize, type ReadBytes } from "./store/sqlite-leaves.js";
export { createMemoryWalletStore } from "./store/memory-wallet-store.js";
export type {
  RecordQuery,
  StoreChange,
  StoredRecord,
  StoreQuery,
  StoreState,
  StoreView,
  WalletStore,
} from "./store/wallet-store.js";
