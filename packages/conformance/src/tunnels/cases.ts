import { AGENT } from './agent-cases.js';
import { CARRYING } from './carrying-cases.js';
import { ENDING } from './ending-cases.js';
import { FLOW } from './flow-cases.js';
import type { TunnelCase } from './tunnel-case.js';

/** What core and its users rely on, for every tunnel. They run against the in-process agent; the image is for a real cluster. */
export const TUNNEL_CASES: readonly TunnelCase[] = [...AGENT, ...CARRYING, ...FLOW, ...ENDING];
