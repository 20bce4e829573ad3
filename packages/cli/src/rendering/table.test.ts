import { expect, it } from 'vitest';
import { styleFor } from '../terminal/style.js';
import { table } from './table.js';

const plain = { style: styleFor(false), width: 60 };

it('aligns columns by what is seen, wraps the last one, and cuts nothing', () => {
  const coloured = styleFor(true).green('web');
  expect(
    table(
      ['NAME', 'WHAT'],
      [
        [coloured, 'short'],
        ['日本', 'a description that is long enough to need more than one line of the paper'],
      ],
      plain,
      '  ',
    ),
  ).toBe(
    [
      '  NAME  WHAT',
      `  ${coloured}   short`,
      '  日本  a description that is long enough to need more than',
      '        one line of the paper',
    ].join('\n'),
  );
});

it('wraps a cell that would take more than half of the paper beside the others', () => {
  const callers = 'pods in the mesh in one namespace or another, except those of others';
  expect(table(['CALLERS', 'NOW', 'THEN'], [[callers, 'v1', 'v2']], plain)).toBe(
    [
      'CALLERS                       NOW  THEN',
      'pods in the mesh in one       v1   v2',
      'namespace or another, except',
      'those of others',
    ].join('\n'),
  );
});

it('keeps control characters of data out of the terminal', () => {
  const text = table(['A', 'B'], [['x\u001b]0;title\u0007', 'y\nz']], plain);
  expect(text).not.toContain('\u001b');
  expect(text).not.toContain('\u0007');
  expect(text).toContain('y z');
});
