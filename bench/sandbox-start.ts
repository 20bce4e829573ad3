import { spawnSync } from 'node:child_process';
import { adapter } from '@heddle/adapter-istio';
import { scenarios } from '@heddle/adapter-istio/scenarios';
import { createSandbox } from '@heddle/sandbox';
import { inTurn, report } from './median.ts';

/** How long a sandbox takes to be up and gone again, in process, against the start of a bare Node. */
const [scenario] = scenarios;
if (scenario === undefined) throw new Error('there is no scenario');
const ours = async () => {
  const sandbox = await createSandbox({ adapter, scenario });
  await sandbox.stop();
};
const bare = () => spawnSync(process.execPath, ['-e', '0'], { stdio: 'ignore' });
report(`sandbox ${scenario.id}, up and gone`, await inTurn(10, ours, bare), 'bare node', 'below 300 ms');
