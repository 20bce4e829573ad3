import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { benignoAct } from './benigno-act.ts';
import { bookinfoAct } from './bookinfo-act.ts';
import { endAll, failed, home } from './stage.ts';
import { tomcatAct } from './tomcat-act.ts';

async function story(): Promise<void> {
  const guide = await tomcatAct();
  await benignoAct(guide);
  await bookinfoAct();
}

const started = Date.now();
const patience = sleep(120_000, undefined, { ref: false }).then(() => {
  throw new Error('the demo takes longer than two minutes');
});
try {
  await Promise.race([story(), patience]);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await endAll();
  rmSync(home, { recursive: true, force: true });
}
if (failed() > 0) process.exitCode = 1;
console.log(
  `\n${process.exitCode === undefined ? 'The demo is done' : 'The demo FAILED'} after ${((Date.now() - started) / 1000).toFixed(1)} s.`,
);
