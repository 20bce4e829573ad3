import { describe, expect, it } from 'vitest';
import type { Destination, RouteTable, Rule } from '../model/table.js';
import { evaluate } from './evaluate.js';
import { parseRequest } from './parse-request.js';

const pods = [{ namespace: 'n', name: 'p' }];

function seen(to: readonly Destination[], rewrite?: Rule['rewrite']) {
  const rule: Rule = { match: [], action: { to }, owner: 'foreign', origins: [], ...(rewrite === undefined ? {} : { rewrite }) };
  const table: RouteTable = {
    view: { plane: 'mesh', clients: {} },
    domains: ['*'],
    port: 80,
    protocol: 'http',
    rules: [rule],
    otherwise: 'passthrough',
  };
  return evaluate(table, parseRequest({ url: 'http://a/' }));
}

describe('an authority that one destination alone sees', () => {
  const own: Destination = { host: 'a', weight: 1, endpoints: pods, authority: 'own.example' };
  const other: Destination = { host: 'b', weight: 1, endpoints: pods };

  it('is shown where that destination is the first that can answer, with a note', () => {
    expect(seen([own, other]).seen?.authority).toBe('own.example');
    expect(seen([other, own]).seen?.authority).toBe('a');
    expect(seen([{ ...other, endpoints: [] }, own]).seen?.authority).toBe('own.example');
    expect(seen([{ ...other, weight: 0 }, own]).seen?.authority).toBe('own.example');
    expect(seen([own, other]).notes.join()).toContain('authority of its own');
    expect(seen([own]).notes).toEqual([]);
  });

  it("gives way to the rule's own rewrite", () => {
    expect(seen([own, other], { authority: 'all.example' }).seen?.authority).toBe('all.example');
  });
});
