import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMAGE, SECRET } from '../names.js';
import { Agent } from './agent.js';
import { podHost } from './pod-host.js';
import { parseSettings } from './settings.js';

/** The image's program: `main.js [folder of the session's Secret]`. */
const folder = process.argv[2] ?? IMAGE.session;
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const settings = parseSettings(read(SECRET.settings));
const agent = new Agent(podHost, settings, Buffer.from(read(SECRET.token), 'base64url'));
await agent.start();
podHost.log(`controlled on port ${settings.controlPort}`);
// As the first process of a container it gets no default for these.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
