import { expect, it } from 'vitest';
import { findings } from './findings.js';

it('problems and gaps are said once each, in the order in which they were met', () => {
  const found = findings();
  const ref = { apiVersion: 'mesh.example/v1', kind: 'Route', name: 'a' };
  found.problem('missing', 'there is no Service b', ref);
  found.problem('empty', 'b has no pods');
  found.problem('missing', 'there is no Service b', ref);
  found.gap('mirror', 'is not read');
  found.gap('mirror', 'is not read');
  found.gap('mirror', 'is not read either', ref);
  expect(found.problems()).toEqual([
    { code: 'missing', message: 'there is no Service b', ref },
    { code: 'empty', message: 'b has no pods' },
  ]);
  expect(found.gaps()).toEqual([
    { feature: 'mirror', message: 'is not read' },
    { feature: 'mirror', message: 'is not read either', ref },
  ]);
});
