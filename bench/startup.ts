import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inTurn, report } from './median.ts';

/** How long the command line takes to start, against a bare Node. */
const BIN = fileURLToPath(new URL('../packages/cli/bin/run.js', import.meta.url));
const node = (...args: string[]) => spawnSync(process.execPath, args, { stdio: 'ignore', env: { ...process.env, NO_COLOR: '1' } });

const bare = () => node('-e', '0');
report('heddle --version', await inTurn(30, () => node(BIN, '--version'), bare), 'bare node', '≤1.15');
report('heddle --help', await inTurn(30, () => node(BIN, '--help'), bare), 'bare node', '≤2.2');
report('heddle mesh --help', await inTurn(30, () => node(BIN, 'mesh', '--help'), bare), 'bare node', '≤2.2');

// What loads the program, both adapters and files.
const FILE = fileURLToPath(new URL('../test/lint-seeds/benigno', import.meta.url));
report('heddle lint -f', await inTurn(15, () => node(BIN, 'lint', '-f', FILE), bare), 'bare node', 'none');

// What Tab waits for, where no cluster has to be asked.
const complete = (...words: string[]) => node(BIN, '__complete', '--', ...words);
report('Tab: commands', await inTurn(30, () => complete('route', ''), bare), 'bare node', '≤2.2');
report('Tab: --context', await inTurn(30, () => complete('route', 'show', '--context', ''), bare), 'bare node', '≤2.2');
report('Tab: --cluster', await inTurn(30, () => complete('route', 'show', '--cluster', ''), bare), 'bare node', '≤2.2');
