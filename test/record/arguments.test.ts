import { describe, expect, it } from 'vitest';
import { recordArguments } from '../../scripts/record/arguments.js';

describe('the command line of npm run record', () => {
  it('needs the answering program and nothing else', () => {
    expect(recordArguments(['--answer', 'x'])).toMatchObject({ answer: 'x', seed: 1, count: 200, from: 0, batch: 100, keep: false });
    expect(() => recordArguments([])).toThrow('--answer is missing');
  });

  it('keeps cases only with the versions that answered them', () => {
    expect(() => recordArguments(['--answer', 'x', '--keep'])).toThrow('give --istio and --envoy');
    expect(() => recordArguments(['--answer', 'x', '--keep-right', '3', '--istio', '1'])).toThrow('give --istio and --envoy');
    expect(recordArguments(['--answer', 'x', '--keep', '--istio', '1.31', '--envoy', '1.40']).keep).toBe(true);
  });

  it('names the generators there are', () => {
    expect(() => recordArguments(['--answer', 'x', '--kind', 'y'])).toThrow(
      '--kind: expected one of virtual-services, http-routes, recorded, got y',
    );
  });

  it('takes whole numbers', () => {
    expect(() => recordArguments(['--answer', 'x', '--seed', '1.5'])).toThrow('--seed: expected a whole number, got 1.5');
  });
});
