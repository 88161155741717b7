/** Something of each message of a batch: fetched, accounted for, and put out for the items that selected it. */
import type { IDataObject } from 'n8n-workflow';
import { FetchLedger, type Uid, type UidSet } from '../../../engine/index';
import { concernsMessage } from '../errors/advice';
import { UserError } from '../errors/user-error';
import { reasonFor } from '../message/message-reading';
import { eachResult } from './message-results';
import type { MessageBatch } from './on-messages';

/** Takes what was read of a message; an error fails the items that selected it. */
export type TakeFound<Result> = (uid: Uid, result: Result | UserError) => void;

interface Fetching<Result> {
	/**
	 * Fetches some messages, and hands over those that came whole. Called again for parts of a set that the
	 * server refuses, and over another connection where one breaks.
	 */
	fetch(uids: UidSet, found: TakeFound<Result>): Promise<void>;
	/** What is to be done with all that came, before any of it counts as done. */
	then?(uids: readonly Uid[]): Promise<void>;
	/** Puts out one message for one item. */
	emit(item: number, uid: Uid, result: Result): void;
	/** What is put out with a message that cannot be read, besides its reference and the reason. */
	about?: IDataObject;
}

type Outcome<Result> = { uid: Uid; result: Result | UserError } | { uid: Uid; unreadable: string };

/** A message that is there and that the server does not return is put out with the reason in `unreadable`. */
export async function fetchEach<Result>(
	batch: MessageBatch<unknown, unknown>,
	{ fetch, then, emit, about = {} }: Fetching<Result>,
): Promise<void> {
	const { execution, mailbox } = batch;
	const { ledger, results } = batch.remember(() => ({
		ledger: new FetchLedger(batch.uids),
		results: new Map<Uid, Result | UserError>(),
	}));
	await eachResult<Outcome<Result>>(
		batch,
		async (done) => {
			const allDone = (): void => results.forEach((result, uid) => done(uid, { uid, result }));
			try {
				await ledger.settle(
					mailbox,
					(uids, came) =>
						fetch(uids, (uid, result) => {
							results.set(uid, result);
							came(uid);
						}),
					{ concernsMessage },
				);
				await then?.([...results.keys()]);
			} finally {
				if (!then) allDone();
			}
			allDone();
			for (const [uid, error] of ledger.unreadable)
				done(uid, { uid, unreadable: reasonFor(error) });
		},
		(item, outcomes) => {
			for (const one of outcomes) {
				if ('result' in one && one.result instanceof UserError) throw one.result;
			}
			const { name, uidValidity } = mailbox;
			for (const one of outcomes) {
				if ('result' in one) {
					if (!(one.result instanceof UserError)) emit(item, one.uid, one.result);
					continue;
				}
				const { uid, unreadable } = one;
				const json = { mailbox: name, uidValidity, uid, unreadable, ...about };
				execution.emitUnreadable(item, json, unreadable);
			}
		},
	);
}
