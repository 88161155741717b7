/** `npm run demo`: see `npm run demo -- --help`. */
import { HELP, parseArguments } from './arguments';
import { UsageError } from './command-line';
import { runEmbedded } from './embedded';
import { runReport } from './report';

async function main(): Promise<boolean> {
	const given = parseArguments(process.argv.slice(2));
	switch (given.kind) {
		case 'help':
			console.log(HELP);
			return true;
		case 'report':
			await runReport(given);
			return true;
		case 'demo':
			return await runEmbedded();
	}
}

main().then(
	(well) => {
		process.exitCode = well ? 0 : 1;
	},
	(error: unknown) => {
		console.error(error instanceof UsageError ? `✗ ${error.message}` : error);
		process.exitCode = 1;
	},
);
