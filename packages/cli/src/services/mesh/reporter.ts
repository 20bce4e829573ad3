import { describeRef, type ForwardStats, type SessionEnd, type SessionEvent, type SessionState } from '@heddle/core';
import { proofLines, renderActive, statsLine } from '../../rendering/active.js';
import { renderEffects } from '../../rendering/plan.js';
import { createLiveBlock } from '../../terminal/live-block.js';
import type { Output } from '../../terminal/output.js';
import type { Sink } from '../../terminal/terminal.js';
import { type ActiveDocument, proofDocuments } from './active-document.js';
import type { PlanDocument } from './plan-document.js';

/** Tells the user of a running session what happens. */
export interface Reporter {
  event(event: SessionEvent, plan: PlanDocument | undefined): void;
  active(active: ActiveDocument): void;
  /** Called now and then while the session is up. */
  tick(stats: readonly ForwardStats[]): void;
  say(message: string): void;
  detail(message: string): void;
  end(end: SessionEnd): void;
}

/** How often `tick` wants to be called. */
export const TICK_MS = 500;
/** A log gets a line on traffic at most this often. */
const LOG_EVERY_TICKS = 120;

/** One JSON line (or YAML document) per event on stdout; their shapes are in schemas/mesh-event.json. */
export function documentReporter(output: Output): Reporter {
  const emit = (value: unknown) => output.event(value, undefined);
  return {
    event: (event, plan) => {
      if (event.type === 'planned') emit({ event: 'planned', plan });
      else if (event.type === 'proof') emit({ event: 'proof', proofs: proofDocuments(event.proofs) });
      else {
        const { type, ...rest } = event;
        emit({ event: type, ...rest });
      }
    },
    active: (active) => emit({ event: 'active', session: active }),
    tick: () => undefined,
    say: (message) => emit({ event: 'progress', message }),
    detail: (message) => output.detail(message),
    end: ({ why, left }) => emit({ event: 'end', why, left }),
  };
}

/** Lines on stderr, and what to know of the session on stdout once it is up. Good in a log: nothing is redrawn. */
export function lineReporter(output: Output): Reporter {
  let ticks = 0;
  let shown = '';
  return {
    ...textEvents(output, output.progress, output.warn),
    active: (active) => output.event(active, renderActive(active, output.paper)),
    tick: (stats) => {
      ticks += 1;
      const line = statsLine(stats);
      if (ticks % LOG_EVERY_TICKS !== 0 || line === shown || stats.every(({ total }) => total === 0)) return;
      shown = line;
      output.progress(line);
    },
    say: output.progress,
    detail: output.detail,
  };
}

/** On a terminal: the same lines, and below them one that is redrawn: state, last step, connections and bytes. */
export function liveReporter(output: Output, sink: Sink): Reporter {
  const block = createLiveBlock(sink);
  const { style } = output.errPaper;
  let state = 'planning';
  let condition = '';
  let step = '';
  const draw = () =>
    block.draw([
      `${dot(state, condition, style)} ${state}${condition === '' ? '' : ` (${condition})`}${step === '' ? '' : `  ${style.dim(step)}`}`,
    ]);
  const texts = textEvents(output, block.say, (message) => block.say(`${style.yellow('Warning:')} ${message}`));
  return {
    event: (event, plan) => {
      if (event.type === 'progress') step = event.message;
      if (event.type === 'state') {
        state = event.state;
        step = '';
      }
      if (event.type === 'condition') condition = event.condition === 'suspended' || event.condition === 'drifted' ? event.condition : '';
      draw();
      if (event.type !== 'progress') texts.event(event, plan);
    },
    active: (active) => {
      block.clear();
      output.event(active, renderActive(active, output.paper));
      draw();
    },
    tick: (stats) => {
      if (state !== 'active') return;
      step = statsLine(stats);
      draw();
    },
    say: block.say,
    detail: (message) => {
      block.clear();
      output.detail(message);
      draw();
    },
    end: (end) => {
      block.clear();
      texts.end(end);
    },
  };
}

const WHAT: Readonly<Record<SessionState, string>> = {
  planned: 'the session is recorded in the cluster',
  provisioning: 'starting the shadow and the tunnel to it',
  ready: 'the shadow runs and the tunnel is up',
  routing: 'adding the rules',
  active: 'requests arrive here',
  draining: 'putting everything back',
  gone: 'nothing is left to do',
};

/** `warn` is heard with --quiet too. */
function textEvents(output: Output, say: (text: string) => void, warn: (text: string) => void): Pick<Reporter, 'event' | 'end'> {
  const { errPaper } = output;
  const { style } = errPaper;
  let up = false;
  let begun = false;
  return {
    event: (event, plan) => {
      switch (event.type) {
        case 'planned':
          say(`Session ${style.bold(event.session.id)}: requests with ${plan?.session.requests ?? ''}`);
          say(renderEffects(event.session.plan, errPaper));
          for (const { message } of event.session.notes) say(`${style.yellow('Note:')} ${message}`);
          return;
        case 'state':
          up ||= event.state === 'active';
          begun ||= event.state !== 'gone';
          // `gone` is what the last line is about.
          if (event.state !== 'gone') say(`${style.bold(event.state)}: ${WHAT[event.state]}`);
          return;
        case 'progress':
          say(`  ${style.dim(event.message)}`);
          return;
        case 'proof':
          // The first proofs are part of what is printed when the session is up.
          if (up) for (const line of proofLines(proofDocuments(event.proofs), style)) say(`${style.dim('proof')} ${line}`);
          return;
        case 'condition':
          if (event.condition === 'suspended' || event.condition === 'drifted') warn(`${event.condition}: ${event.why}`);
          else say(`${style.green(event.condition)}: ${event.why}`);
          return;
        case 'warning':
          warn(event.message);
      }
    },
    end: ({ why, left }) => {
      // Where nothing was begun there is nothing to say of its end.
      if (!begun) return;
      const reasons = {
        interrupted: 'ended',
        asked: 'ended on request',
        'record-gone': 'ended, since its record was deleted',
        failed: 'ended',
      } as const;
      if (left.length === 0) {
        say(`Session ${reasons[why]}; nothing of it is left in the cluster.`);
        return;
      }
      const lines = left.map(({ ref, why: reason }) => `\n  ${describeRef(ref)}: ${reason}`);
      warn(`Session ${reasons[why]}, but something is left:${lines.join('')}`);
    },
  };
}

function dot(state: string, condition: string, style: Output['errPaper']['style']): string {
  if (condition !== '') return style.yellow('●');
  return state === 'active' ? style.green('●') : style.cyan('○');
}
