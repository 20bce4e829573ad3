import type { Level } from '../cases/case.js';
import { DEFAULT_STAGE } from '../stage/stage.js';

/** The version of the report's shape; its JSON Schema is `schemas/report.json`. */
export const REPORT_VERSION = 'heddle-conformance/1';

export interface Tally {
  readonly result: 'pass' | 'fail' | 'not run';
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface ReportedCase {
  readonly environment: string;
  readonly id: string;
  readonly number?: number;
  readonly level: Level;
  readonly title: string;
  readonly outcome: 'pass' | 'fail' | 'skip';
  /** Of a skip: the capability that the adapter does not declare. */
  readonly capability?: string;
  /** Of a skip for another reason: which. */
  readonly reason?: string;
  readonly failures?: readonly string[];
}

/** What became of one of the numbered cases. */
export interface ReportedNumber {
  readonly number: number;
  readonly title: string;
  /** `elsewhere`: it belongs to another mesh; `reason`: the package says why there is none; `none`: nobody says. */
  readonly status: 'pass' | 'fail' | 'skip' | 'elsewhere' | 'reason' | 'none';
  /** Ids of the cases that cover it, `id` or `environment/id`. */
  readonly cases: readonly string[];
  /** Capabilities that are missing, the mesh that it belongs to, or the package's own words. */
  readonly why?: string;
}

/** What an adapter showed. The same package gives the same report: there is no clock in it. */
export interface ConformanceReport {
  readonly report: typeof REPORT_VERSION;
  readonly kit: { readonly package: string; readonly version: string };
  /** Versions of the contracts that the adapter was held to. */
  readonly contract: { readonly meshAdapter: number };
  readonly implementation: {
    readonly package: string;
    readonly version: string;
    readonly adapter: { readonly id: string; readonly title: string };
  };
  readonly environments: readonly {
    readonly name: string;
    readonly title: string;
    readonly version?: string;
    readonly envoy?: string;
    /** Capabilities that the adapter does not declare in it, and why. */
    readonly undeclared: Readonly<Record<string, string>>;
  }[];
  readonly levels: Readonly<Record<Level, Tally>>;
  readonly cases: readonly ReportedCase[];
  readonly numbers: readonly ReportedNumber[];
  /** The command that makes this report again, in the package's folder. */
  readonly reproduce: string;
}

/** How a case is named where there may be several environments. */
export const caseName = ({ environment, id }: Pick<ReportedCase, 'environment' | 'id'>): string =>
  environment === DEFAULT_STAGE ? id : `${environment}/${id}`;
