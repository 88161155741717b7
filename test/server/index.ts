/** The in-memory IMAP4 server: its face. */
export { MemoryServer } from './memory-server';
export type { MemoryServerOptions } from './memory-server';
export type { LoggedCommand } from './connection';
export type { Faults } from './faults';
export { signedTokenOwner } from './sasl/signed-token';
export { ScriptedServer } from './scripted-server';
export type { Step } from './scripted-server';
export { Account } from './store/account';
export { Mailbox } from './store/mailbox';
export type { NewMessage, StoredMessage } from './store/mailbox';
