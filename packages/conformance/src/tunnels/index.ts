export { TUNNEL_CASES } from './cases.js';
export { runTunnelCase, runTunnelCases } from './run-tunnel-cases.js';
export type { TunnelCase, TunnelCaseResult, TunnelReport, TunnelUnderTest } from './tunnel-case.js';
