import { expect, it } from 'vitest';
import { styleFor } from '../terminal/style.js';
import { renderAdapters } from './adapters.js';

it('tells a problem once: in the row of the part, else below', () => {
  const part = { kind: 'adapter' as const, id: 'knit', package: '@acme/knit', version: '1.0.0', origin: 'linked' as const, works: false };
  const twice = 'The adapter knit comes from two packages';
  const text = renderAdapters(
    {
      adapters: [{ ...part, problem: twice }],
      tunnels: [],
      problems: [
        { package: '@acme/knit', message: twice },
        { package: '@acme/odd', message: 'package.json: heddle: expected an object' },
      ],
    },
    { style: styleFor(false), width: 200 },
  );
  expect(text.split(twice)).toHaveLength(2);
  expect(text).toContain('\nProblem: @acme/odd: package.json: heddle: expected an object');
});
