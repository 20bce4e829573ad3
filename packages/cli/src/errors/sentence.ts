import { printable } from '../terminal/ansi.js';

/** Begins with a capital and ends with a full stop: messages of plugins and of the server come with and without. */
export function sentence(message: string): string {
  const text = capital(printable(message).trimEnd());
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

/** What to do next, as lines behind `next:` and `or:`. */
export function nextSteps(steps: readonly string[], label: (text: string) => string): readonly string[] {
  return steps.map((step, index) => `${label(index === 0 ? 'next:' : '  or:')} ${capital(printable(step))}`);
}

const PROGRAMS = ['heddle', 'kubectl'];

/** Unless it begins with a program, a path or a flag, which are written as they are. */
function capital(text: string): string {
  const [first = ''] = text.split(' ');
  return /^[a-z]+,?$/.test(first) && !PROGRAMS.includes(first) ? `${first.charAt(0).toUpperCase()}${text.slice(1)}` : text;
}
