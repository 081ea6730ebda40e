// The charts of a report. The same code draws them as SVG inside the program (an engine without a DOM, ES5 alone), and makes
// them live in a browser. A chart is plain data: {kind, x, y, ...}, see chart_data.h.
import * as echarts from 'echarts/core';
import {BarChart, HeatmapChart, LineChart, ParallelChart} from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  ParallelComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import {SVGRenderer} from 'echarts/renderers';

echarts.use([
  BarChart, HeatmapChart, LineChart, ParallelChart, GridComponent, LegendComponent, MarkLineComponent, ParallelComponent,
  TooltipComponent, VisualMapComponent, SVGRenderer,
]);

// Okabe and Ito's, which colour-blind readers can tell apart; the page's style lightens them on dark ground. Dashes tell
// more than six lines apart.
var COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#b8860b', '#56b4e9'];
var DASHES = ['solid', 'dashed', 'dotted'];
// Cividis: its lightness rises evenly, also for colour-blind readers.
var SCALE = ['#00224e', '#35456c', '#666970', '#948e77', '#c8b866', '#fee838'];
var INK = 'currentColor';
var GRID = '#8a8a8a';
var FONT = 'system-ui, sans-serif';

// How wide a text is, about: by the widths of DejaVu Sans, than which few fonts are wider, so that what is drawn
// without a browser fits in any.
function textWidth(text, size) {
  var width = 0;
  for (var i = 0; i < text.length; i++) {
    var c = text.charAt(i);
    if (/[ilj.,:;'|!()\[\]/ ]/.test(c)) width += 0.34;
    else if (/[frt-]/.test(c)) width += 0.41;
    else if (/[mwMW%@]/.test(c)) width += 0.95;
    else width += c > '\u02ff' ? 1 : /[A-Z]/.test(c) ? 0.71 : 0.63;
  }
  return width * size;
}

if (typeof document === 'undefined') {
  echarts.setPlatformAPI({
    measureText: function (text, font) {
      return {width: textWidth(text || '', parseFloat(/([\d.]+)px/.exec(font || '12px')[1]))};
    },
  });
}

function number(value) {
  if (value === null || value === undefined || isNaN(value)) return '';
  if (value !== 0 && (Math.abs(value) < 0.001 || Math.abs(value) >= 1e6)) return Number(value.toPrecision(4)).toString();
  return Number(value.toFixed(4)).toString();
}

function thousands(value) {
  return value >= 10000 && value % 1000 === 0 ? value / 1000 + 'k' : number(value);
}

function tooltip(trigger) {
  // richText is drawn as SVG's text: no name of a class or sweep is ever read as markup.
  return {trigger: trigger, renderMode: 'richText', confine: true, appendTo: undefined, transitionDuration: 0};
}

function axis(spec, type) {
  return {
    type: type || spec.type || 'value',
    name: spec.title,
    nameLocation: 'middle',
    nameGap: 32,
    nameTextStyle: {color: INK, fontFamily: FONT},
    min: spec.min,
    max: spec.max,
    data: spec.categories,
    axisLabel: {color: INK, fontFamily: FONT, formatter: spec.categories ? undefined : thousands, hideOverlap: true},
    axisLine: {show: true, lineStyle: {color: GRID}},
    axisTick: {lineStyle: {color: GRID}},
    splitLine: {lineStyle: {color: GRID, opacity: 0.25}},
  };
}

// How wide a legend's texts may be; longer ones go on below.
function legendText(width) {
  return Math.min(440, width - 70);
}

function legend(names, width) {
  return {
    top: 0, left: 'center', type: 'plain', itemWidth: 30, itemGap: 12, data: names,
    textStyle: {color: INK, fontFamily: FONT, overflow: 'break', width: legendText(width), lineHeight: 15}, tooltip: {show: false},
  };
}

// How high a legend is, about, for room above the chart.
function legendHeight(names, width) {
  var most = legendText(width);
  var used = 0; // of the row's width
  var lines = 0; // of the row's texts
  var height = 0;
  names.forEach(function (name) {
    var text = textWidth(name, 12);
    var wide = 30 + 18 + Math.min(most, text);
    if (used > 0 && used + wide > width - 20) {
      height += lines * 15 + 12;
      used = lines = 0;
    }
    used += wide;
    lines = Math.max(lines, Math.ceil(text / most * 1.05));
  });
  return height + lines * 15 + 12;
}

function lastStep(data) {
  return Math.max.apply(null, data.series.map(function (series) { return series.points[series.points.length - 1][0]; }));
}

function lines(data, width) {
  var names = data.series.map(function (series) { return series.name; });
  var top = legendHeight(names, width) + (data.marks && data.marks.length ? 26 : 14);
  var y = axis(data.y);
  y.nameGap = 44;
  y.scale = true;
  return {
    grid: {left: 62, right: 18, top: top, bottom: 46},
    legend: legend(names, width),
    tooltip: tooltip('axis'),
    xAxis: axis(data.x),
    yAxis: y,
    series: data.series.map(function (series, i) {
      var style = series.style === undefined ? i : series.style;
      var dash = series.dash ? 'dashed' : DASHES[Math.floor(style / COLORS.length) % DASHES.length];
      var color = COLORS[style % COLORS.length];
      var made = {
        type: 'line', name: series.name, data: series.points, symbol: 'none',
        lineStyle: {color: color, width: 2, type: dash}, itemStyle: {color: color}, emphasis: {focus: 'series', lineStyle: {width: 3}},
        tooltip: {valueFormatter: number},
      };
      if (i === 0 && data.marks && data.marks.length) {
        made.markLine = {
          symbol: 'none', silent: true, lineStyle: {color: GRID, type: 'dashed', width: 1.5},
          label: {color: INK, fontFamily: FONT, formatter: function (mark) { return mark.name; }, position: 'end', distance: 3},
          data: data.marks.map(function (mark) {
            // Beyond the middle the text goes to the left, so that it stays within the picture.
            return {xAxis: mark.x, name: mark.label, label: {align: mark.x > lastStep(data) / 2 ? 'right' : 'left'}};
          }),
        };
      }
      return made;
    }),
  };
}

function bars(data, width) {
  var names = data.series.map(function (series) { return series.name; });
  var categories = axis({title: '', categories: data.categories}, 'category');
  categories.inverse = true;
  categories.axisLabel.width = Math.min(150, width * 0.32);
  categories.axisLabel.overflow = 'truncate';
  categories.axisLabel.interval = 0;
  categories.splitLine = {show: false};
  var top = names.length > 1 ? legendHeight(names, width) + 8 : 8;
  return {
    grid: {left: 8, right: 24, top: top, bottom: 28, containLabel: true},
    legend: names.length > 1 ? legend(names, width) : undefined,
    tooltip: tooltip('axis'),
    xAxis: axis(data.x),
    yAxis: categories,
    series: data.series.map(function (series, i) {
      // More series than colours are pale, beginning with another one: pale blue is too much like the light one.
      var round = Math.floor(i / COLORS.length);
      return {
        type: 'bar', name: series.name, data: series.values, stack: data.stacked ? 'all' : undefined, barMaxWidth: 18,
        itemStyle: {color: COLORS[(i + round) % COLORS.length], opacity: round ? 0.5 : 1, borderColor: GRID, borderWidth: 0.5},
        tooltip: {valueFormatter: number},
      };
    }),
  };
}

// Light cells have dark numbers.
function inkOn(part) {
  return part > 0.55 ? '#000000' : '#ffffff';
}

function heat(data, width) {
  var low = data.scale.min;
  var high = data.scale.max;
  var x = axis(data.x, 'category');
  var y = axis(data.y, 'category');
  var many = data.x.categories.length > 6;
  x.axisLabel.rotate = many ? 45 : 0;
  x.axisLabel.interval = 0;
  x.axisLabel.hideOverlap = false;
  x.axisLabel.width = many ? 80 : (width - 160) / data.x.categories.length;
  x.axisLabel.overflow = 'truncate';
  x.nameGap = many ? 74 : 32;
  var longest = Math.max.apply(null, data.y.categories.map(function (name) { return textWidth(name, 12); }));
  var room = Math.min(longest + 4, 120, width * 0.26);
  y.axisLabel.width = room;
  y.axisLabel.overflow = 'truncate';
  y.axisLabel.interval = 0;
  y.nameGap = room + 16;
  y.inverse = data.y.down === true;
  x.splitLine = y.splitLine = {show: false};
  return {
    grid: {left: y.nameGap + 22, right: 18, top: 8, bottom: x.nameGap + 62},
    tooltip: tooltip('item'),
    xAxis: x,
    yAxis: y,
    visualMap: {
      type: 'continuous', min: low, max: high, orient: 'horizontal', left: 'center', bottom: 0, itemHeight: Math.min(220, width * 0.45),
      itemWidth: 12, calculable: false, text: [number(high), number(low)], inRange: {color: SCALE}, textStyle: {color: INK, fontFamily: FONT},
      hoverLink: false,
    },
    series: [{
      type: 'heatmap',
      data: data.cells.map(function (cell) {
        return {
          value: [cell[0], cell[1], cell[2]],
          name: data.x.categories[cell[0]] + ', ' + data.y.categories[cell[1]],
          label: {color: inkOn(high > low ? (cell[2] - low) / (high - low) : 1), formatter: cell[3]},
        };
      }),
      label: {show: true, fontFamily: FONT, fontSize: width < 500 && data.x.categories.length > 8 ? 9 : 12},
      itemStyle: {borderColor: GRID, borderWidth: 0.5},
      tooltip: {valueFormatter: number, formatter: function (item) { return item.name + ': ' + number(item.value[2]); }},
    }],
  };
}

function parallel(data, width) {
  var values = data.rows.map(function (row) { return row[row.length - 1]; });
  var low = Math.min.apply(null, values);
  var high = Math.max.apply(null, values);
  return {
    parallel: {left: 40, right: width < 500 ? 40 : 70, top: 46, bottom: 62},
    parallelAxis: data.axes.map(function (spec, i) {
      return {
        dim: i, name: spec.title, type: spec.categories ? 'category' : spec.log ? 'log' : 'value', data: spec.categories,
        min: spec.min, max: spec.max, nameLocation: 'end', nameGap: i % 2 && width < 500 ? 26 : 12,
        nameTextStyle: {color: INK, fontFamily: FONT, overflow: 'truncate', width: width / data.axes.length},
        axisLabel: {color: INK, fontFamily: FONT, formatter: spec.categories ? undefined : number},
        axisLine: {lineStyle: {color: GRID}}, axisTick: {lineStyle: {color: GRID}},
      };
    }),
    visualMap: {
      type: 'continuous', min: low, max: high > low ? high : low + 1e-9, dimension: data.axes.length - 1, orient: 'horizontal', left: 'center',
      bottom: 0, itemHeight: Math.min(220, width * 0.45), itemWidth: 12, text: [number(high), number(low)], inRange: {color: SCALE},
      textStyle: {color: INK, fontFamily: FONT}, hoverLink: false,
    },
    series: [{type: 'parallel', data: data.rows, smooth: false, lineStyle: {width: 2, opacity: 0.85}, emphasis: {lineStyle: {width: 4}}}],
  };
}

var KINDS = {lines: lines, bars: bars, heat: heat, parallel: parallel};

function options(data, width) {
  var made = KINDS[data.kind](data, width);
  made.animation = false;
  made.textStyle = {fontFamily: FONT};
  return made;
}

var everything = typeof globalThis === 'undefined' ? Function('return this')() : globalThis;
everything.melsweepCharts = {
  // The chart as SVG of this size, in CSS pixels.
  drawJson: function (json, width, height) {
    return everything.melsweepCharts.draw(JSON.parse(json), width, height);
  },
  draw: function (data, width, height) {
    var chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
    chart.setOption(options(data, width));
    var svg = chart.renderToSVGString();
    chart.dispose();
    // What only a living chart needs.
    svg = svg.replace(/<style[\s\S]*?<\/style>/g, '').replace(/ (class|ecmeta_\w+|pointer-events)="[^"]*"/g, '');
    // A living chart in the same page names its gradients in the same way.
    return svg.replace(/(id="|url\(#|href="#)zr/g, '$1drawn');
  },
  // The chart in the page's element, as wide as it is; follows its width.
  mount: function (element, data, height) {
    var chart = echarts.init(element, null, {renderer: 'svg', height: height});
    var drawn = 0;
    function draw() {
      var width = element.clientWidth;
      if (!width || width === drawn) return;
      drawn = width;
      chart.resize({width: width, height: height});
      chart.setOption(options(data, width), true);
    }
    draw();
    return draw;
  },
};
