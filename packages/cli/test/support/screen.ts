const ESC = String.fromCharCode(27);
const PIECES = new RegExp(`${ESC}\\[1A|${ESC}\\[[0-9;]*m|${ESC}\\[J|\\r|\\n|[^${ESC}\\r\\n]`, 'g');

/** What a terminal shows after these writes: enough of one for the sequences that a live block uses; colours are dropped. */
export function screen(written: string): readonly string[] {
  const lines = [''];
  let row = 0;
  let column = 0;
  for (const [piece] of written.matchAll(PIECES)) {
    if (/m$/.test(piece) && piece.length > 1) continue;
    if (piece === '\u001b[1A') row -= 1;
    else if (piece === '\u001b[J') lines.splice(row, lines.length, '');
    else if (piece === '\r') column = 0;
    else if (piece === '\n') {
      row += 1;
      column = 0;
      lines[row] ??= '';
    } else {
      lines[row] = `${(lines[row] ?? '').slice(0, column)}${piece}`;
      column += 1;
    }
  }
  return lines.filter((line, index) => line !== '' || index < lines.length - 1);
}
