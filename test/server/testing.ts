/**
 * The in-memory server, for the tests of programs that use IMAP. It shares no code with the engine.
 * @module imap4-engine/testing
 */
export { MemoryServer } from './memory-server';
export type { ConnectionCount, MemoryServerOptions, ServerCertificate } from './memory-server';
export type { Protocol } from './capabilities';
export type { LoggedCommand } from './connection';
export type { Faults, Traffic } from './faults';
export { ScriptedServer } from './scripted-server';
export type { Step } from './scripted-server';
export type { Account, ListedMailbox } from './store/account';
export type { AnnotationLimits } from './store/annotations';
export type { Mailbox, NewMessage, StoredMessage } from './store/mailbox';
