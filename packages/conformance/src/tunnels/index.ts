export { TUNNEL_CASES } from './cases.js';
export { Freezable } from './freezable.js';
export { runTunnelCase, runTunnelCases } from './run-tunnel-cases.js';
export { podContextOf } from './test-pod.js';
export type { TunnelCase, TunnelCaseResult, TunnelReport, TunnelUnderTest } from './tunnel-case.js';
