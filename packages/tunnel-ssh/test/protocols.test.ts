import { createServer, get } from 'node:http';
import * as grpc from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { front, listen } from './loopback.js';
import { startPod } from './pod.js';

const PORTS = [{ name: 'main', port: 8080 }];

test('gRPC: unary and both ways at once', async () => {
  const text = { requestSerialize: Buffer.from, requestDeserialize: String, responseSerialize: Buffer.from, responseDeserialize: String };
  const service = {
    greet: { path: '/test.Greeter/Greet', requestStream: false, responseStream: false, ...text },
    chat: { path: '/test.Greeter/Chat', requestStream: true, responseStream: true, ...text },
  } satisfies grpc.ServiceDefinition;
  const server = new grpc.Server();
  server.addService(service, {
    greet: (call: grpc.ServerUnaryCall<string, string>, done: grpc.sendUnaryData<string>) => done(null, `hello ${call.request}`),
    chat: (call: grpc.ServerDuplexStream<string, string>) => {
      call.on('data', (words: string) => call.write(`you said ${words}`));
      call.on('end', () => call.end());
    },
  });
  const appPort = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
  await using pod = await startPod({ ports: PORTS });
  await using _ = await pod.connect([{ port: 8080, to: () => ({ host: '127.0.0.1', port: appPort }) }]);
  await using way = await front(pod, 8080);
  const client = new grpc.Client(`127.0.0.1:${way.port}`, grpc.credentials.createInsecure());

  const greeting = await new Promise<string | undefined>((resolve, reject) => {
    const { greet } = service;
    client.makeUnaryRequest(greet.path, greet.requestSerialize, greet.responseDeserialize, 'laptop', (error, answer) => {
      if (error === null) resolve(answer);
      else reject(error);
    });
  });
  expect(greeting).toBe('hello laptop');

  const { chat } = service;
  const call = client.makeBidiStreamRequest(chat.path, chat.requestSerialize, chat.responseDeserialize);
  const heard: string[] = [];
  const ended = new Promise((resolve, reject) => call.on('end', resolve).on('error', reject));
  // Each word waits for the answer to the one before: nothing may be held back.
  call.on('data', (words: string) => {
    heard.push(words);
    if (heard.length < 5) call.write(`${heard.length}`);
    else call.end();
  });
  call.write('0');
  await ended;
  expect(heard).toEqual(['you said 0', 'you said 1', 'you said 2', 'you said 3', 'you said 4']);
  client.close();
  server.forceShutdown();
});

test('WebSocket: text and binary, both ways', async () => {
  const http = createServer();
  const sockets = new WebSocketServer({ server: http });
  sockets.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
  await using app = await listen(http);
  await using pod = await startPod({ ports: PORTS });
  await using _ = await pod.connect([{ port: 8080, to: app.to }]);
  await using way = await front(pod, 8080);
  const socket = new WebSocket(`ws://127.0.0.1:${way.port}/`);
  const messages: unknown[] = [];
  await new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => {
      socket.send('words');
      socket.send(Buffer.alloc(300_000, 1));
    });
    socket.on('message', (data, binary) => {
      messages.push(binary ? (data as Buffer).length : String(data));
      if (messages.length === 2) socket.close();
    });
    socket.on('close', (code) => resolve(code));
  });
  expect(messages).toEqual(['words', 300_000]);
});

test('server-sent events arrive one by one', async () => {
  await using app = await listen(
    createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 0\n\n');
      let sent = 1;
      // The next event goes out when the test has seen the one before.
      const timer = setInterval(() => {
        if (seen < sent) return;
        response.write(`data: ${sent}\n\n`);
        sent += 1;
      }, 5);
      request.on('close', () => clearInterval(timer));
    }),
  );
  let seen = 0;
  await using pod = await startPod({ ports: PORTS });
  await using tunnel = await pod.connect([{ port: 8080, to: app.to }]);
  await using way = await front(pod, 8080);
  const events: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const request = get({ host: way.host, port: way.port, agent: false }, (response) => {
      response.on('data', (chunk: Buffer) => {
        events.push(chunk.toString());
        seen = events.length;
        if (events.length === 5) {
          request.destroy();
          resolve();
        }
      });
    });
    request.on('error', reject);
  });
  expect(events).toEqual([0, 1, 2, 3, 4].map((n) => `data: ${n}\n\n`));
  // A caller that leaves is noticed by the app, so its timer and its connection end.
  await expect.poll(() => tunnel.stats()[0]?.open).toBe(0);
});
