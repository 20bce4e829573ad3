/** Breaks text at spaces; line breaks of its own are kept. */
export function wrap(text: string, width: number): readonly string[] {
  return text.split('\n').flatMap((paragraph) => {
    const indent = paragraph.match(/^ */)?.[0] ?? '';
    const lines: string[] = [];
    let line = indent;
    for (const word of paragraph.trim().split(/ +/)) {
      const candidate = line.trim() === '' ? `${indent}${word}` : `${line} ${word}`;
      if (candidate.length > width && line.trim() !== '') {
        lines.push(line);
        line = `${indent}${word}`;
      } else line = candidate;
    }
    return [...lines, line];
  });
}

/** Two columns; the second wraps beside the first, or below it where the first is too wide. */
export function twoColumns(rows: readonly (readonly [string, string])[], width: number, paint: (first: string) => string): string {
  const limit = Math.min(34, Math.floor(width / 2));
  const first = Math.min(Math.max(0, ...rows.map(([left]) => left.length)), limit);
  const gap = ' '.repeat(first + 4);
  return rows
    .map(([left, right]) => {
      const lines = wrap(right, Math.max(20, width - first - 4));
      const [head = '', ...tail] = left.length > first ? ['', ...lines] : lines;
      const start = `  ${paint(left)}${' '.repeat(Math.max(0, first - left.length))}  ${head}`.trimEnd();
      return [start, ...tail.map((line) => `${gap}${line}`)].join('\n');
    })
    .join('\n');
}
