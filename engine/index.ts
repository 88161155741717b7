/**
 * The public API of the IMAP4 engine. What a caller only receives is exported as a type.
 * @module imap4-engine
 */
export { Imap4 } from './client/imap4';
export { concernsMessage, FetchLedger, InterruptedFetchError } from './client/fetch-ledger';
export type { FetchSome, LedgerMailbox, LedgerOptions } from './client/fetch-ledger';
export type {
	CommandOptions,
	MessageCommands,
	Messages,
	NumberedMessages,
	SearchFigures,
	UidMessages,
} from './client/messages';
export type { CreateOptions, OpenOptions } from './client/methods/mailbox-methods';
export type { CloseOptions, OpenMailbox, Resynchronized } from './client/open-mailbox';
export { Imap4AbortError, Imap4Error, Imap4ReadonlyError } from './errors';
export type { AbortErrorCode, ErrorCode, ErrorDetails, RequestErrorCode } from './errors';
export type {
	ConnectOptions,
	Credentials,
	LoginMechanism,
	Security,
	Timeouts,
} from './client/options';
export type { ChannelBinding } from './transport/channel-binding';
export type { Capabilities } from './grammar/capabilities';
export type { ProtocolVersion } from './grammar/capabilities';
export type { State } from './commands/command';
export type { SelectedMailbox } from './commands/selected-mailbox';
export type { Trace, TraceEvent } from './client/trace';

export type { MailboxMetadata, MetadataOptions } from './commands/annotation/get-metadata';
export { isMetadataEntry } from './commands/annotation/get-metadata';
export type { StoreAction, StoreOptions, StoreResult } from './commands/flags/store';
export type { Expunged } from './commands/mailbox/expunge';
export { deletedBesides } from './commands/mailbox/expunge';
export type { ListOptions } from './commands/mailbox/list';
export type { SelectOptions } from './commands/mailbox/select';
export type { Appended, AppendOptions } from './commands/message/append';
export type {
	MessageOpener,
	MessageSource,
	MessageToAppend,
} from './commands/message/append-source';
export type { Copied } from './commands/message/copy';
export type { FetchOptions } from './commands/message/fetch';
export type { FetchItems } from './commands/message/fetch-items';
export type { FetchedMessages } from './commands/message/fetched-messages';
export type { Moved, MoveOptions } from './commands/message/move';
export type { MailboxHits, SearchSource } from './commands/message/multi-search';
export type { SearchReturn } from './commands/message/search';
export type { ThreadAlgorithm } from './commands/message/thread';
export type { MailboxQuota } from './commands/quota/get-quota-root';
export type { IdFields } from './commands/session/id';
export type { Idler } from './client/idler';
export type { IdleOptions } from './client/idler';
export type { NotifyEvent, NotifyGroup, NotifyMailboxes } from './commands/session/notify';
export type { Argument, RawResult } from './commands/session/xatom';

export { parseResponses } from './client/parse-responses';
export type { AccessEntry, AccessList, PossibleRights } from './grammar/acl';
export type { Annotation, Metadata } from './grammar/annotation';
export { isMultipart, singleParts } from './grammar/body-structure';
export type {
	BodyStructure,
	Disposition,
	MultipartStructure,
	Parameters,
	SinglePartStructure,
} from './grammar/body-structure';
export type { Address } from './grammar/envelope';
export type { Envelope } from './grammar/envelope';
export type { EsearchData } from './grammar/esearch';
export type { FetchedMessage } from './grammar/fetch';
export { checkFlag } from './grammar/flags';
export { formatDay, formatInternalDate, parseInternalDate } from './grammar/internal-date';
export type { InternalDate } from './grammar/internal-date';
export { hasAttribute } from './grammar/list';
export type { MailboxEntry } from './grammar/list';
export { decodeMailboxName, encodeMailboxName } from './grammar/mailbox-name';
export type { MessageBody } from './grammar/message-body';
export type { Namespace, Namespaces } from './grammar/namespace';
export type { PartialRange } from './grammar/partial-range';
export type { Quota, QuotaResource, QuotaRoots } from './grammar/quota';
export type {
	Continuation,
	DataResponse,
	Response,
	StatusResponse,
	StatusWord,
	TaggedResponse,
	UntaggedResponse,
} from './grammar/response';
export { responseCodeName } from './grammar/response-code';
export type { PlainCode, ResponseCode } from './grammar/response-code';
export { checkRights, currentRights, RIGHTS } from './grammar/rights';
export type { SearchQuery } from './grammar/search-key';
export { parseSearch } from './grammar/search-text';
export type { BodyRequest, SectionName } from './grammar/section';
export { isHeaderFieldName, parseSectionName } from './grammar/section';
export type { SequenceNumber, Uid } from './grammar/message-number';
export { SequenceSet, UidSet } from './grammar/message-set';
export type { AnySet, SequenceSetLike, UidSetLike } from './grammar/message-set';
export type { SortCriterion, SortKey } from './grammar/sort-key';
export type { MailboxStatus, StatusItem } from './grammar/status';
export type { Thread } from './grammar/thread';
export type { Responder } from './auth/mechanism';
export type { ConnectSocket, Lookup } from './transport/socket';
export { startProcess } from './transport/child-process';
export type { ProcessOptions } from './transport/child-process';
export type { TlsOptions } from './transport/tls-options';
export type { Transport, TransportHandler } from './transport/transport';
export { defaultLimits } from './wire/limits';
export type { Limits } from './wire/limits';
export type { Token } from './wire/reader';
