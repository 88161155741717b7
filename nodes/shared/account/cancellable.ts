/** What can be stopped between two commands. */
export interface Cancellable {
	/** @throws NodeOperationError if the user has stopped the execution */
	checkCancelled(): void;
}
