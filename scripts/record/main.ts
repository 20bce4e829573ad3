import { record } from './record.ts';

process.exitCode = await record(process.argv.slice(2), console.log);
