import type { Answer, CasePath, Client, Difference, Problem, RecordedAnswer, RoutingTest, TestRequest } from '@heddle/core';
import type { Finding } from './record/edits.js';

/** What is wrong with a case file; the other files are run nevertheless. */
export interface CaseFileError {
  readonly file: string;
  /** From 1; absent where the file could not be read at all. */
  readonly document?: number;
  readonly line?: number;
  /** `requests[0].expect.status` */
  readonly path?: string;
  readonly expected?: string;
  readonly received?: string;
  /** All of it in one sentence. */
  readonly message: string;
}

/** A case as it was read, with the lines that reports name. */
export interface LoadedCase {
  readonly test: RoutingTest;
  readonly document: number;
  readonly line: number;
  lineOf(path: CasePath): number;
  /** The document's text, and where it begins in the file. */
  readonly source: { readonly text: string; readonly offset: number };
}

export interface CaseFile {
  readonly file: string;
  readonly text: string;
  readonly cases: readonly LoadedCase[];
  readonly errors: readonly CaseFileError[];
}

export interface RequestReport {
  readonly request: TestRequest;
  /** From 1, within the case. */
  readonly number: number;
  readonly line: number;
  /** `recorded`: what is true now was written into the file. */
  readonly result: 'passed' | 'failed' | 'recorded';
  readonly differences: readonly Difference[];
  /** Why the answer cannot be known. */
  readonly undecided?: string;
  readonly answer: Answer;
  readonly recorded: RecordedAnswer;
  /** What may be behind a failure, in sentences. */
  readonly hints: readonly string[];
  /** What --record wrote: `observed added`. */
  readonly wrote: readonly string[];
  readonly finding?: Omit<Finding, 'path'>;
}

export interface CaseReport {
  readonly test: RoutingTest;
  readonly document: number;
  readonly line: number;
  readonly caller: Client;
  readonly mesh: string;
  readonly envoy?: string;
  readonly requests: readonly RequestReport[];
  /** Objects that the mesh would refuse; the answers are without them. */
  readonly refused: readonly Problem[];
}

export interface FileReport {
  readonly file: string;
  readonly cases: readonly CaseReport[];
  readonly errors: readonly CaseFileError[];
}

export interface TestReport {
  readonly files: readonly FileReport[];
  readonly passed: number;
  readonly failed: number;
  readonly recorded: number;
  /** In case files: what could not be run. */
  readonly errors: number;
}

export interface TestOptions {
  readonly files: readonly string[];
  readonly envoy?: string;
  readonly record: boolean;
}
