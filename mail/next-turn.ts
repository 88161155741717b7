/** Long work on a message gives other work its turn: a promise that is fulfilled in the next turn of the event loop. */
export { setImmediate as nextTurn } from 'node:timers/promises';
