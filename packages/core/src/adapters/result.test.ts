import { expect, it } from 'vitest';
import { collectResults, ok, refusal, refuse } from './result.js';

const ref = { apiVersion: 'mesh.example/v1', kind: 'Route', name: 'a' };

it('a refusal has what was said, and nothing else', () => {
  expect(refuse('a', 'b')).toEqual({ refused: [{ code: 'a', message: 'b' }] });
  expect(refuse('a', 'b', 'c')).toEqual({ refused: [{ code: 'a', message: 'b', instead: 'c' }] });
  expect(refusal('a', 'b', { ref })).toEqual({ code: 'a', message: 'b', ref });
});

it('several results are all their values, or all their refusals', () => {
  expect(collectResults([ok(1), ok(2)])).toEqual({ ok: [1, 2] });
  expect(collectResults([ok(1), refuse('a', 'b'), ok(2), refuse('c', 'd')])).toEqual({
    refused: [refusal('a', 'b'), refusal('c', 'd')],
  });
  expect(collectResults([])).toEqual({ ok: [] });
});
