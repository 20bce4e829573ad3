import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.js';
import { type HeddleProcess, run } from './heddle.js';
import { useStage } from './stage.js';
import { heddleLeftovers, userObjects } from './state.js';
import { PATIENCE_MS, SERVED } from './worlds/index.js';

const FIREFOX = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:67.0) Gecko/20100101 Firefox/67.0' };
const CHROME = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Chrome/119.0' };
const ALICE = { 'x-dev': 'alice' };

describe.skipIf(!SERVED('networking.istio.io'))(
  'the tomcat story',
  () => {
    const stage = useStage();
    let before: unknown;
    let first: HeddleProcess;
    let second: HeddleProcess;

    beforeAll(async () => {
      before = await userObjects(stage.world.cluster, stage.world.namespace);
    });

    it('starts with everybody at tomcat 7', async () => {
      expect(await stage.world.viaGateway(10, FIREFOX)).toEqual({ '200 tomcat7': 10 });
      expect(await stage.world.inMesh(10, FIREFOX)).toEqual({ '200 tomcat7': 10 });
    });

    it('a dry run changes nothing and says what would change', async () => {
      const { code, stdout } = await run(
        [
          'mesh',
          'tomcat',
          '-n',
          stage.world.namespace,
          '--expose',
          `${stage.laptop.port}:8080`,
          '--dry-run',
          '--header',
          'user-agent=~.*Firefox/67\\.0.*',
          ...stage.world.meshFlags,
        ],
        stage.world.env,
      );
      expect(code).toBe(0);
      expect(stdout).toMatch(/VirtualService/);
      expect(await heddleLeftovers(stage.world.cluster, stage.world.namespace)).toEqual([]);
      expect(await userObjects(stage.world.cluster, stage.world.namespace)).toEqual(before);
    });

    it('gives Firefox 67 to the laptop, from the gateway and in the mesh, and nobody else', async () => {
      first = stage.mesh(stage.laptop, ['--header', 'user-agent=~.*Firefox/67\\.0.*']);
      await first.waitFor(/proof {4}.*proved/, PATIENCE_MS);
      await eventually(async () => expect(await stage.world.viaGateway(20, FIREFOX)).toEqual({ '200 laptop': 20 }), PATIENCE_MS);
      await eventually(async () => expect(await stage.world.inMesh(20, FIREFOX)).toEqual({ '200 laptop': 20 }), PATIENCE_MS);
      expect(await stage.world.viaGateway(20, CHROME)).toEqual({ '200 tomcat7': 20 });
      expect(await stage.world.inMesh(20, CHROME)).toEqual({ '200 tomcat7': 20 });
      expect(await stage.world.inMesh(20)).toEqual({ '200 tomcat7': 20 });
      expect(first.stdout() + first.stderr()).toMatch(/: proved/);
    });

    it('a colleague has a second session at the same time', async () => {
      second = stage.mesh(stage.hers, ['--header', 'x-dev=alice']);
      await second.waitFor(/\bactive\b/, PATIENCE_MS);
      await eventually(
        async () => expect(await stage.world.viaGateway(20, { ...CHROME, ...ALICE })).toEqual({ '200 alice': 20 }),
        PATIENCE_MS,
      );
      await eventually(async () => expect(await stage.world.inMesh(20, ALICE)).toEqual({ '200 alice': 20 }), PATIENCE_MS);
      expect(await stage.world.viaGateway(20, FIREFOX)).toEqual({ '200 laptop': 20 });
      expect(await stage.world.viaGateway(20, CHROME)).toEqual({ '200 tomcat7': 20 });
      const { stdout } = await run(['sessions', 'list', '-n', stage.world.namespace, '-o', 'json'], stage.world.env);
      expect(JSON.parse(stdout).sessions).toHaveLength(2);
    });

    it('a third whose match contains hers is refused, naming the holder, and changes nothing', async () => {
      const third = stage.mesh(stage.laptop, ['--header', 'x-dev=~al.*']);
      const { code } = await third.exit;
      const stderr = third.stderr();
      expect(code).toBe(3);
      expect(stderr).toMatch(/x-dev/);
      expect(stderr).toMatch(new RegExp((await import('node:os')).userInfo().username));
      expect(await stage.world.inMesh(10, ALICE)).toEqual({ '200 alice': 10 });
    });

    it('the first ends with Ctrl-C, and the second goes on', async () => {
      first.child.kill('SIGINT');
      expect(await first.exit).toEqual({ code: 0, signal: null });
      await eventually(async () => expect(await stage.world.viaGateway(20, FIREFOX)).toEqual({ '200 tomcat7': 20 }), PATIENCE_MS);
      await eventually(async () => expect(await stage.world.inMesh(20, FIREFOX)).toEqual({ '200 tomcat7': 20 }), PATIENCE_MS);
      expect(await stage.world.inMesh(20, ALICE)).toEqual({ '200 alice': 20 });
      expect(await stage.world.viaGateway(20, ALICE)).toEqual({ '200 alice': 20 });
    });

    it('sessions stop ends the second from another terminal; nothing of ours is left', async () => {
      const listed = JSON.parse((await run(['sessions', 'list', '-n', stage.world.namespace, '-o', 'json'], stage.world.env)).stdout) as {
        sessions: { id: string }[];
      };
      const [session] = listed.sessions;
      expect((await run(['sessions', 'stop', session?.id ?? '', '-n', stage.world.namespace], stage.world.env)).code).toBe(0);
      expect(await second.exit).toEqual({ code: 0, signal: null });
      await eventually(async () => expect(await stage.world.inMesh(20, ALICE)).toEqual({ '200 tomcat7': 20 }), PATIENCE_MS);
      expect(await stage.world.viaGateway(20, ALICE)).toEqual({ '200 tomcat7': 20 });
      await eventually(async () => expect(await heddleLeftovers(stage.world.cluster, stage.world.namespace)).toEqual([]), PATIENCE_MS);
      expect(await userObjects(stage.world.cluster, stage.world.namespace)).toEqual(before);
    });
  },
  600_000,
);
