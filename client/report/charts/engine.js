// What ECharts expects of the place where it runs, for an engine that has only the language.
var global = Function('return this')();
var globalThis = global;
var console = {log: function () {}, warn: function () {}, error: function () {}};
function setTimeout() {
  return 0;
}
function clearTimeout() {}
