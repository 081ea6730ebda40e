// What a report does where scripts run; everything is there without it.
(function () {
  'use strict';

  function each(selector, root, action) {
    Array.prototype.forEach.call(root.querySelectorAll(selector), action);
  }

  // Charts that answer to the pointer in place of the drawn ones, as they come into view.
  function mount(figure) {
    var data = JSON.parse(figure.querySelector('script[type="application/json"]').textContent);
    var drawn = figure.querySelector('.drawn');
    var live = document.createElement('div');
    live.className = 'live';
    live.setAttribute('role', 'img');
    live.setAttribute('aria-label', drawn.getAttribute('aria-label'));
    var height = Number(figure.getAttribute('data-height'));
    live.style.height = height + 'px';
    drawn.parentNode.insertBefore(live, drawn);
    try {
      var redraw = window.melsweepCharts.mount(live, data, height);
      drawn.hidden = true;
      window.addEventListener('resize', redraw);
    } catch (error) {
      live.remove();
    }
  }

  function mountWhenSeen(figures) {
    if (!window.IntersectionObserver) return;
    var watch = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        watch.unobserve(entry.target);
        mount(entry.target);
      });
    }, {rootMargin: '200px'});
    figures.forEach(function (figure) { watch.observe(figure); });
  }

  // A heading that is pressed sorts its table's rows.
  function compare(a, b) {
    var x = a.getAttribute('data-value');
    var y = b.getAttribute('data-value');
    if (x !== null && y !== null && x !== '' && y !== '' && !isNaN(x) && !isNaN(y)) return Number(x) - Number(y);
    if ((x || a.textContent) === '') return 1;
    if ((y || b.textContent) === '') return -1;
    return a.textContent.localeCompare(b.textContent, undefined, {numeric: true});
  }

  function sortBy(table, column, heading) {
    var down = heading.getAttribute('aria-sort') === 'ascending';
    each('th[aria-sort]', table, function (other) { other.removeAttribute('aria-sort'); });
    heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    var body = table.tBodies[0];
    var rows = Array.prototype.slice.call(body.rows);
    rows.sort(function (a, b) { return (down ? -1 : 1) * compare(a.cells[column], b.cells[column]); });
    rows.forEach(function (row) { body.appendChild(row); });
  }

  function makeSortable(table) {
    if (!table.tBodies[0] || table.tBodies[0].rows.length < 2) return;
    each('thead th', table, function (heading) {
      var button = document.createElement('button');
      button.type = 'button';
      while (heading.firstChild) button.appendChild(heading.firstChild);
      heading.appendChild(button);
      button.addEventListener('click', function () { sortBy(table, heading.cellIndex, heading); });
    });
  }

  // Clips of one class alone.
  function addFilter(cards) {
    var classes = [];
    each('[data-filter]', cards, function (card) {
      var name = card.getAttribute('data-filter');
      if (classes.indexOf(name) < 0) classes.push(name);
    });
    if (classes.length < 2) return;
    var label = document.createElement('label');
    label.className = 'filter';
    label.appendChild(document.createTextNode('Class: '));
    var choice = document.createElement('select');
    [''].concat(classes.sort()).forEach(function (name) {
      var option = document.createElement('option');
      option.value = name;
      option.textContent = name || 'all';
      choice.appendChild(option);
    });
    label.appendChild(choice);
    var count = document.createElement('span');
    count.setAttribute('role', 'status');
    label.appendChild(count);
    cards.parentNode.insertBefore(label, cards);
    choice.addEventListener('change', function () {
      var shown = 0;
      each('[data-filter]', cards, function (card) {
        var fits = choice.value === '' || card.getAttribute('data-filter') === choice.value;
        card.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      count.textContent = ' ' + shown + ' shown';
    });
  }

  var figures = [];
  each('figure[data-height]', document, function (figure) { figures.push(figure); });
  mountWhenSeen(figures);
  each('table', document, makeSortable);
  each('.cards.filtered', document, addFilter);

  // Paper shows what is folded on the screen, but for tables that would fill pages.
  var MOST_ROWS = 40;
  window.addEventListener('beforeprint', function () {
    each('details:not([open])', document, function (details) {
      if (details.querySelectorAll('tbody tr').length > MOST_ROWS) return;
      details.open = true;
      details.setAttribute('data-opened', '');
    });
  });
  window.addEventListener('afterprint', function () {
    each('details[data-opened]', document, function (details) {
      details.open = false;
      details.removeAttribute('data-opened');
    });
  });
})();
