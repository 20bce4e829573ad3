import { describe, expect, it } from 'vitest';
import { linesOf, pathText } from './places.js';

describe('linesOf', () => {
  it('knows the line of every key, item and nested value', () => {
    const text = [
      '# top',
      'clusters:',
      "  'a.b': {context: x,",
      '        mesh: istio}',
      'agent:',
      '  tolerations:',
      '    - key: one',
      '    - {key: two}',
      '  labels: &l',
      '    a: b',
      '  annotations: *l',
    ].join('\n');
    const lines = linesOf(text);
    const line = (...path: (string | number)[]) => lines.get(pathText(path));
    expect(line('clusters')).toBe(2);
    expect(line('clusters', 'a.b')).toBe(3);
    expect(line('clusters', 'a.b', 'mesh')).toBe(4);
    expect(line('agent', 'tolerations', 0, 'key')).toBe(7);
    expect(line('agent', 'tolerations', 1)).toBe(8);
    expect(line('agent', 'annotations')).toBe(11);
  });
});

it('pathText writes lists in brackets', () => {
  expect(pathText(['agent', 'tolerations', 0, 'key'])).toBe('agent.tolerations[0].key');
  expect(pathText([])).toBe('');
});
