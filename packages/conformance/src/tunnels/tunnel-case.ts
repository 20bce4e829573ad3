import type { InProcessAgent, TunnelProvider } from '@heddle/core';

/** A tunnel under test: the provider, and its agent as a program in this process, as the sandbox runs it. */
export interface TunnelUnderTest {
  readonly provider: TunnelProvider;
  readonly agent: InProcessAgent;
}

/** One property of every tunnel (core's contract `TunnelProvider`). `check` throws where it does not hold. */
export interface TunnelCase {
  readonly id: string;
  readonly title: string;
  /** Ms; 15 s unless said. */
  readonly timeout?: number;
  readonly check: (tunnel: TunnelUnderTest) => Promise<void>;
}

export interface TunnelCaseResult {
  readonly id: string;
  readonly title: string;
  readonly outcome: 'pass' | 'fail' | 'skip';
  /** Of a failure: what was expected and what came. Of a skip: what is missing. */
  readonly why?: string;
}

export interface TunnelReport {
  readonly tunnel: { readonly id: string; readonly title: string };
  readonly results: readonly TunnelCaseResult[];
}

/** Thrown by a case for what the contract leaves optional. */
export class Skip extends Error {
  override readonly name = 'Skip';
}
