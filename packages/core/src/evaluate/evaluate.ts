import { describeMatch } from '../describe/describe-match.js';
import type { Answer, TraceStep } from '../model/answer.js';
import type { Match, NamedMatch, Request } from '../model/match.js';
import type { Action, RouteTable, Rule } from '../model/table.js';
import { type ActionAnswer, answerAction } from './answer-action.js';
import { asGrpcAnswer, isGrpc } from './grpc-answer.js';
import { type Failure, firstFailure, refusedPatterns } from './match-request.js';
import { answersPreflight } from './preflight.js';
import { type Regexes, regexCache } from './re2.js';
import { type RequestView, type ViewOptions, viewRequest } from './request-view.js';

export interface EvaluateOptions {
  /** Envoy's version, `1.38.3`; from 1.39 (and when absent) each value of a repeated header is matched alone. */
  readonly envoy?: string;
}

/** What becomes of a request that a table decides. Never throws, whatever the table or the request holds. */
export function evaluate(table: RouteTable, request: Request, options: EvaluateOptions = {}): Answer {
  return evaluator(table, options)(request);
}

/** The same for many requests of one table: patterns are compiled once. */
export function evaluator(table: RouteTable, options: EvaluateOptions = {}): (request: Request) => Answer {
  const regexes = regexCache();
  const proxy = proxyOptions(table, options);
  return (request) => decide(table, viewRequest(request, proxy), regexes);
}

/** How the proxy that has this table looks at requests. */
export function proxyOptions(table: RouteTable, { envoy }: EvaluateOptions): ViewOptions {
  return { normalisation: table.pathNormalisation, joinRepeated: joinsRepeated(envoy), edge: table.view.plane === 'gateway' };
}

/** What becomes of a request that is seen as the table's proxy sees it. */
export function decide(table: RouteTable, view: RequestView, regexes: Regexes): Answer {
  const trace: TraceStep[] = [];
  const notes: string[] = [];
  if (table.protocol === 'http' && view.refused !== undefined) {
    const { status, because } = view.refused;
    trace.push({ origins: [], matched: true, because });
    return assemble(answered({ status, outcomes: [] }, view, table), { trace, notes });
  }
  for (const rule of table.rules) {
    const { match, because } = table.protocol === 'tcp' ? { match: {}, because: 'every connection' } : matchRule(rule, view, regexes);
    trace.push({
      origins: rule.origins,
      ...(rule.label === undefined ? {} : { label: rule.label }),
      matched: match !== undefined,
      because,
    });
    notes.push(...refusedNotes(rule, regexes), ...guessedNotes(rule, view, regexes));
    if (match === undefined) continue;
    for (const [what, value] of Object.entries(rule.opaque ?? {})) notes.push(`depends on ${what}: ${brief(value)}`);
    return assemble(take(rule, match, { table, view, regexes }), {
      ...(rule.label === undefined ? {} : { route: rule.label }),
      decidedBy: rule.origins,
      trace,
      notes,
    });
  }
  const label = table.otherwiseLabel;
  trace.push({
    origins: [],
    ...(label === undefined ? {} : { label }),
    matched: true,
    because: table.rules.length === 0 ? 'no rules apply' : 'no rule matched',
  });
  const otherwise: Action = table.otherwise;
  return assemble(answered(answerAction(otherwise, { match: {}, view, protocol: table.protocol }), view, table), {
    ...(label === undefined ? {} : { route: label }),
    trace,
    notes,
  });
}

function take(
  rule: Rule,
  match: Match,
  { table, view, regexes }: { readonly table: RouteTable; readonly view: RequestView; readonly regexes: Regexes },
): ActionAnswer {
  const { protocol } = table;
  if (protocol === 'tcp' || !answersPreflight(rule, view, regexes)) {
    return answered(answerAction(rule.action, { rule, match, view, protocol }), view, table);
  }
  const answer = answerAction({ directResponse: { status: 200 } }, { rule, match, view, protocol });
  return { ...answer, notes: ['the proxy answers preflight requests of this origin itself'] };
}

const answered = (body: ActionAnswer, view: RequestView, { protocol }: RouteTable): ActionAnswer =>
  protocol === 'http' && isGrpc(view) ? asGrpcAnswer(body) : body;

function assemble(body: ActionAnswer, head: Pick<Answer, 'route' | 'decidedBy' | 'trace' | 'notes'>): Answer {
  const { notes, ...rest } = body;
  return { ...rest, ...head, notes: [...head.notes, ...(notes ?? [])] };
}

/** The match that holds, or the reason of the match that came furthest. */
function matchRule(rule: Rule, view: RequestView, regexes: Regexes): { match?: Match; because: string } {
  if (rule.match.length === 0) return { match: {}, because: 'every request' };
  let furthest: Failure | undefined;
  for (const match of rule.match) {
    const failure = firstFailure(match, view, regexes);
    if (failure === undefined) return { match, because: describeMatch(match) };
    if (furthest === undefined || failure.passed > furthest.passed) furthest = failure;
  }
  return { because: furthest?.because ?? 'no match' };
}

function refusedNotes(rule: Rule, regexes: Regexes): readonly string[] {
  const patterns = rule.match.flatMap((match) => refusedPatterns(match, regexes));
  return [...new Set(patterns)].map(
    (pattern) => `${rule.label ?? 'a rule'}: RE2 refuses the pattern ${pattern}, so the condition never holds`,
  );
}

/** Matches that hold but for conditions on headers that the proxy sets itself: with what, the request does not say. */
function guessedNotes(rule: Rule, view: RequestView, regexes: Regexes): readonly string[] {
  if (view.headers.guessed.size === 0) return [];
  const unsure = rule.match.flatMap((match) => {
    const guessed = (match.headers ?? []).filter((condition) => isGuessed(condition, view));
    if (guessed.length === 0) return [];
    const others = { ...match, headers: (match.headers ?? []).filter((condition) => !guessed.includes(condition)) };
    return firstFailure(others, view, regexes) === undefined ? guessed.map(({ name }) => name) : [];
  });
  return [...new Set(unsure)].map((name) => `depends on header ${name}, which the proxy sets`);
}

/** Whether a header is there is known, and that a made-up id is not any given one. */
function isGuessed({ name, is }: NamedMatch, view: RequestView): boolean {
  if (!view.headers.guessed.has(name) || 'present' in is || 'absent' in is) return false;
  return !(name === 'x-request-id' && 'exact' in is);
}

/** Repeated headers are matched one value at a time from Envoy 1.39 on (`match_headers_individually`). */
export function joinsRepeated(version: string | undefined): boolean {
  const parts = /^v?(\d+)\.(\d+)/.exec(version ?? '');
  if (parts === null) return false;
  const [major, minor] = [Number(parts[1]), Number(parts[2])];
  return major < 1 || (major === 1 && minor < 39);
}

function brief(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
