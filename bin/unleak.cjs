#!/usr/bin/env node
'use strict';
// The published launcher. Written for any Node that can parse ES5, so that an old one gets a sentence instead of a stack.
var parts = process.versions.node.split('.');
var major = Number(parts[0]);
var minor = Number(parts[1]);
// 22.18 is the first line that strips types by default, which the worker threads of a checkout rely on.
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write('error: unleak needs Node 22.18 or later; this is ' + process.versions.node + '.\n');
  process.stderr.write(' hint: Install a current Node, or use the version manager of your choice.\n');
  process.exitCode = 2;
} else {
  import('../dist/js/start.js').then(
    function (main) {
      return main.run(process.argv.slice(2));
    },
    function (error) {
      process.stderr.write('error: unleak is not built completely: ' + error.message + '\n');
      process.exitCode = 2;
    },
  );
}
