#!/usr/bin/env node
'use strict';
// CommonJS and old syntax: it starts fastest, and an old Node gets far enough to be told that it is too old.
const { readFileSync, writeSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const argv = process.argv.slice(2);
const WANTED = [22, 19];

function isOld(version) {
  const [major, minor] = version.split('.').map(Number);
  return major < WANTED[0] || (major === WANTED[0] && minor < WANTED[1]);
}

function print(text) {
  try {
    writeSync(1, text);
  } catch (error) {
    // A reader that went away early is no error.
    if (error.code !== 'EPIPE') throw error;
  }
}

function start() {
  if (isOld(process.versions.node)) {
    writeSync(2, `Error: heddle needs Node.js ${WANTED.join('.')} or later, and this is ${process.versions.node}.\n`);
    process.exitCode = 2;
    return;
  }
  if (argv.length === 1 && argv[0] === '--version') {
    print(`heddle ${JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version}\n`);
    return;
  }
  // Compiled code is kept between runs; where that cannot be, nothing is lost.
  require('node:module').enableCompileCache?.();
  import('../bundle/start.js')
    .then((module) => module.start(argv, root))
    .catch((error) => {
      writeSync(2, `Error: heddle cannot start: ${error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    });
}

start();
