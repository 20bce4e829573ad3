import { expect } from 'vitest';

/** Tags that are open at the end, or closed in the wrong order: none of a well-formed document. Fails for a bare `&`. */
export function openTags(xml: string): readonly string[] {
  expect(xml.replaceAll(/&(amp|lt|gt|quot|apos);/g, '')).not.toContain('&');
  const open: string[] = [];
  for (const [, closing, name = '', , selfClosing] of xml.matchAll(/<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g)) {
    if (closing === '/') {
      if (open.pop() !== name) return [...open, name];
    } else if (selfClosing !== '/') open.push(name);
  }
  return open;
}
