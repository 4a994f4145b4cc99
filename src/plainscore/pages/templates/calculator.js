// Adds up a card's points for what is typed, as the engine does. Plain ES2015; no network, nothing is kept.
(function () {
"use strict";

var OTHER = "\u0000"; // stands for a level that no card lists
var LARGEST = 1.7976931348623157e308;
var card = JSON.parse(document.getElementById("card").textContent);
var page = JSON.parse(document.getElementById("page").textContent);
var texts = page.texts;
var parts = card.characteristics, grids = card.grids || [];
var place = Object.create(null); // of a characteristic on the card, by its id
card.characteristics.forEach(function (one, at) { place[one.id] = at; });

// -- the card: one value to its attribute, a case to its score ------------------------------------------

function monthNumber(text) {
  var found = /^(\d{4})-(0?[1-9]|1[0-2])$/.exec(text);
  return found ? Number(found[1]) * 12 + Number(found[2]) - 1 : NaN;
}

function isBin(each) {
  return each.kind === "range" || each.kind === "levels";
}

// The index of the attribute that a value falls in: null is nothing known, else a number, or the text of a
// level or of a month. Attributes stand as bins, missing, named states, and last the rest.
function attributeOf(one, value) {
  var each = one.attributes, bins = each.filter(isBin).length, at;
  var levels = one.type === "levels" || one.type === "boolean";
  if (!levels && typeof value === "string") value = monthNumber(value);
  if (value === null || value !== value) return bins;
  for (at = bins + 1; at < each.length - 1; at++) {
    if (levels ? String(each[at].code) === value : each[at].code === value) return at;
  }
  if (levels) {
    for (at = 0; at < bins; at++) if (each[at].levels.indexOf(value) >= 0) return at;
    return each.length - 1;
  }
  var low = one.least === null ? -LARGEST : one.least, high = one.most === null ? LARGEST : one.most;
  if (!(low <= value && value <= high)) return each.length - 1;
  for (at = 0; at + 1 < bins; at++) {
    var edge = each[at].to;
    if (value < (one.type === "month" ? monthNumber(edge) : edge)) break;
  }
  return at;
}

// The cell of each two-way table where a case stands, shared: half with either characteristic, in whole points,
// away from zero with the one that stands first on the card.
function sharedCells(at) {
  return grids.map(function (grid) {
    var row = place[grid.first], column = place[grid.second], cell = grid.points[at[row]][at[column]];
    var less = Math.trunc(cell / 2) + 0, more = cell - less; // + 0: no zero with a sign
    return { points: cell, first: row < column ? more : less, second: row < column ? less : more };
  });
}

// The points of every attribute while the rest of the case stays as it is, with the shares of tables.
function asItStands(at, cells) {
  var told = parts.map(function (one) { return one.attributes.map(function (each) { return each.points; }); });
  grids.forEach(function (grid, i) {
    var row = place[grid.first], column = place[grid.second], cell = cells[i];
    told[row].forEach(function (_, k) { told[row][k] += grid.points[k][at[column]] - cell.second; });
    told[column].forEach(function (_, k) { told[column][k] += grid.points[at[row]][k] - cell.first; });
  });
  return told;
}

// Whether known values of a part differ in points; where they do not, points above the average are no merit.
function partsPeople(part, told) {
  var known = told.filter(function (_, k) {
    var each = part.attributes[k];
    return isBin(each) || (each.kind === "special" && page.unknown.indexOf(each.code) < 0);
  });
  return known.length > 0 && Math.min.apply(null, known) !== Math.max.apply(null, known);
}

// Twice the sum of a baseline's points for a characteristic, with half of each of its tables.
function twiceSum(held, one) {
  return grids.reduce(function (sum, grid) {
    return sum + (grid.first === one.id || grid.second === one.id ? held.sums[grid.id] : 0);
  }, 2 * held.sums[one.id]);
}

// Which parts cost (or, with sign -1, earned) a point or more against the baseline, the most first. Compared
// as twice (sum - count x points), in whole numbers; ties stand in the card's order. Nothing costs that is at its
// best.
function ranked(points, told, sign) {
  if (page.baseline === null) return [];
  var held = card.baselines[page.baseline], found = [];
  parts.forEach(function (part, at) {
    var lost = sign * (twiceSum(held, part) - 2 * held.count * points[at]);
    var says = sign > 0 ? Math.max.apply(null, told[at]) > points[at] : partsPeople(part, told[at]);
    if (lost >= 2 * held.count && says) found.push({ at: at, id: part.id, lost: lost });
  });
  found.sort(function (a, b) { return b.lost - a.lost || a.at - b.at; });
  return found.slice(0, page.most);
}

// The whole result of a case; a value that is not given counts as nothing known.
function score(values) {
  var at = card.characteristics.map(function (one) {
    var value = values[one.id];
    return attributeOf(one, value === undefined ? null : value);
  });
  var cells = sharedCells(at), told = asItStands(at, cells);
  var points = told.map(function (line, i) { return line[at[i]]; });
  return {
    score: points.reduce(function (sum, more) { return sum + more; }, card.base_points),
    attributes: at,
    points: points,
    told: told,
    cells: cells,
    costs: ranked(points, told, 1),
    gains: ranked(points, told, -1)
  };
}

// A number as a person types it, or NaN. Percent is moved two places in the text, never divided: 82.323
// becomes exactly the 0.82323 of the card. A comma is a decimal point only where the language has it so.
function readNumber(text, percent) {
  var plain = text.replace(/[\s\u00a0]/g, "").replace(/[\u2212\u2013]/g, "-");
  if (percent) plain = plain.replace(/%$/, "");
  if (texts.point === ",") plain = plain.replace(",", ".");
  var found = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(plain);
  if (!found || !(found[2] || found[3])) return NaN;
  return Number(found[1] + (found[2] || "0") + "." + (found[3] || "0") + (percent ? "e-2" : ""));
}

window.plainscore = { score: score, readNumber: readNumber };

// -- words ----------------------------------------------------------------------------------------------

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, function (hole, name) { return name in values ? values[name] : hole; });
}

function whole(number) {
  var digits = String(Math.abs(number)).replace(/\B(?=(\d{3})+$)/g, texts.thousands);
  return (number < 0 ? "\u2212" : "") + digits;
}

function signed(number) {
  return number > 0 ? "+" + whole(number) : whole(number);
}

// total / count to one decimal, rounded in whole numbers; half a tenth goes to the even digit.
function tenths(total, count) {
  var size = 10 * Math.abs(total), rounded = Math.floor(size / count), rest = 2 * (size - rounded * count);
  if (rest > count || (rest === count && rounded % 2)) rounded += 1;
  var sign = total < 0 && rounded ? "\u2212" : "";
  return sign + whole(Math.floor(rounded / 10)) + texts.point + (rounded % 10);
}

// -- the page -------------------------------------------------------------------------------------------

function id(name) { return document.getElementById(name); }

function make(name, content, className) {
  var made = document.createElement(name);
  if (className) made.className = className;
  [].concat(content).forEach(function (one) {
    made.appendChild(typeof one === "string" ? document.createTextNode(one) : one);
  });
  return made;
}

function empty(element) {
  while (element.firstChild) element.removeChild(element.firstChild);
}

// A copy of words that stand on the page, with the mark of their language.
function words(element) {
  var copy = document.createDocumentFragment();
  [].forEach.call(element.childNodes, function (node) { copy.appendChild(node.cloneNode(true)); });
  return copy;
}

function attributeWords(at, index) { return words(id("r" + at + "-" + index).querySelector("th > span")); }

function chosen(at) {
  var control = id("n" + at);
  if (control.tagName === "SELECT") return control.value;
  var radio = id("q" + at).querySelector("input[type=radio]:checked");
  return radio ? radio.value : "missing";
}

// One answer of the form: its value for the card, whether anything is known, and what is wrong with it.
function read(one, at) {
  var said = chosen(at), box = id("n" + at), cut = said.indexOf(":"), rest = said.slice(cut + 1);
  if (said === "other") return { value: OTHER };
  if (cut > 0) return { value: said.slice(0, cut) === "code" ? Number(rest) : rest };
  if (said !== "typed" || !box.value.trim()) return { value: null, unknown: true };
  var text = box.value.trim(), month = one.type === "month";
  var value = month ? text : readNumber(text, box.getAttribute("data-percent") === "yes");
  var number = month ? monthNumber(text) : value;
  return number === number ? { value: value } : { value: null, wrong: month ? texts.bad_month : texts.bad_number };
}

function showAnswer(at, answer, result, known) {
  var got = id("g" + at), box = id("n" + at), index = result.attributes[at];
  var rows = id("q" + at).querySelectorAll("tbody tr");
  empty(got);
  got.className = "got live" + (answer.wrong ? " wrong" : answer.unknown ? " none" : "");
  if (box.tagName !== "SELECT") box.setAttribute("aria-invalid", answer.wrong ? "true" : "false");
  if (answer.wrong) got.appendChild(document.createTextNode(answer.wrong));
  else {
    var said = fill(Math.abs(result.points[at]) === 1 ? texts.got_one : texts.got, { points: signed(result.points[at]) }).split("{answer}");
    got.appendChild(document.createTextNode(said[0]));
    got.appendChild(attributeWords(at, index));
    got.appendChild(document.createTextNode(said[1]));
  }
  [].forEach.call(rows, function (row, i) {
    var mine = i === index && !answer.wrong && !answer.unknown, head = row.querySelector("th");
    row.className = mine ? "mine" : "";
    row.querySelector("td").textContent = signed(known ? result.told[at][i] : parts[at].attributes[i].points);
    if (head.lastChild.className === "quiet") head.removeChild(head.lastChild);
    if (mine) head.appendChild(make("span", "\u25c0 " + texts.yours, "quiet"));
  });
}

function more(at, index, told) {
  var now = told[index], list = make("ul", []);
  parts[at].attributes.map(function (each, i) { return { each: each, i: i, points: told[i] }; }).filter(function (row) {
    return row.points > now && (isBin(row.each) || row.each.kind === "special");
  }).sort(function (a, b) { return b.points - a.points || a.i - b.i; }).forEach(function (row) {
    var points = " (" + signed(row.points) + ")";
    list.appendChild(make("li", [attributeWords(at, row.i), points]));
  });
  return list;
}

// The most points that an answer can have: without limits no number is outside the range.
function best(one, told) {
  var open = one.least === null && one.most === null && one.type !== "levels" && one.type !== "boolean";
  return Math.max.apply(null, told.filter(function (_, k) {
    return !(open && one.attributes[k].kind === "out_of_range");
  }));
}

// One reason: the factor, what it costs or earns, and from where; for a cost, also what earns more.
function factor(found, result, text, place) {
  var held = card.baselines[page.baseline], at = found.at, one = parts[at], name = words(id("l" + at));
  var tied = grids.some(function (grid) { return grid.first === one.id || grid.second === one.id; });
  var said = fill(text, { points: tenths(found.lost, 2 * held.count) });
  var item = make("li", make("h3", place ? [place + ". ", name, ": " + said] : [name, ": " + said]));
  var rows = make("dl", []);
  function row(title, value) { rows.appendChild(make("dt", title)); rows.appendChild(make("dd", value)); }
  row(texts.now, attributeWords(at, result.attributes[at]));
  row(texts.points, signed(result.points[at]));
  row(texts.typical, tenths(twiceSum(held, one), 2 * held.count));
  row(tied ? texts.best_two : texts.best, signed(best(one, result.told[at])));
  item.appendChild(rows);
  if (place) {
    var better = more(at, result.attributes[at], result.told[at]);
    if (better.firstChild) {
      item.appendChild(make("p", make("strong", texts.more)));
      item.appendChild(better);
    }
  }
  return item;
}

function showFactors(result, known) {
  if (page.baseline === null) return;
  [["costs", "below", grids.length ? texts.reasons_none_two : texts.reasons_none], ["gains", "above", texts.helps_none]].forEach(function (kind) {
    var list = id(kind[0]), note = id("no-" + kind[0]), found = known ? result[kind[0]] : [];
    empty(list);
    found.forEach(function (one, i) {
      list.appendChild(factor(one, result, texts[kind[1]], kind[0] === "costs" ? i + 1 : 0));
    });
    note.hidden = found.length > 0;
    note.textContent = known ? kind[2] : texts.wait;
  });
}

// Where a case stands in each two-way table, and who has how much of it; its line in the sum is for adding by hand.
function showCells(result, known) {
  grids.forEach(function (grid, i) {
    var note = id("w" + (parts.length + i)), cell = result.cells[i], list = make("ul", []);
    empty(note);
    id("p" + (parts.length + i)).parentNode.hidden = known;
    if (!known) return;
    [[grid.first, cell.first], [grid.second, cell.second]].forEach(function (side) {
      list.appendChild(make("li", [words(id("l" + place[side[0]])), texts.colon + signed(side[1])]));
    });
    note.appendChild(make("p", fill(texts.two_now, { points: signed(cell.points) })));
    note.appendChild(list);
  });
}

// Nothing is added up for somebody of whom nothing is known: the table is then the empty sheet to fill by hand.
function showSum(result, known) {
  var running = card.base_points;
  [].forEach.call(document.querySelectorAll(".adding td[id^=p]"), function (cell) {
    var at = Number(cell.id.slice(1)), answer = id("a" + at), points = result.points[at] || 0;
    running += points;
    cell.textContent = known ? signed(points) : "";
    id("s" + at).textContent = known ? whole(running) : "";
    if (answer) { empty(answer); if (known) answer.appendChild(attributeWords(at, result.attributes[at])); }
  });
  id("total").textContent = known ? whole(result.score) : "\u2013";
  [].forEach.call(document.querySelectorAll(".subtotal"), function (line) {
    var own = line.getAttribute("data-parts").split(" "), family = line.getAttribute("data-family");
    var sum = own.reduce(function (all, at) { return all + result.points[at]; }, 0);
    line.textContent = known ? fill(texts.subtotal, { family: family, points: signed(sum) }) : "";
  });
}

var waiting = null;

function showScore(result, known, answered, wrong) {
  var all = card.characteristics.length, low = card.scale.low, high = card.scale.high, pin = id("pin");
  var state = wrong ? texts.unread : !known ? texts.no_score :
    fill(answered < all ? texts.answered : texts.complete, { known: answered, all: all });
  id("score").textContent = known ? whole(result.score) : "\u2013";
  id("state").textContent = state;
  pin.hidden = !known;
  pin.style.left = 100 * (result.score - low) / Math.max(high - low, 1) + "%";
  var place = { score: whole(result.score), low: whole(low), high: whole(high) };
  var heard = known ? fill(texts.spoken, place) + " " + state : state;
  clearTimeout(waiting); // a screen reader hears the sum once typing rests
  waiting = setTimeout(function () {
    if (id("spoken").textContent !== heard) id("spoken").textContent = heard;
  }, 700);
}

function update() {
  var answers = card.characteristics.map(read), values = {};
  card.characteristics.forEach(function (one, at) { values[one.id] = answers[at].value; });
  var result = score(values);
  var answered = answers.filter(function (one) { return !one.unknown && !one.wrong; }).length;
  var wrong = answers.some(function (one) { return one.wrong; }), known = answered > 0 && !wrong;
  answers.forEach(function (answer, at) { showAnswer(at, answer, result, known); });
  showCells(result, known);
  showSum(result, known);
  showFactors(result, known);
  showScore(result, known, answered, wrong);
}

// Typing chooses "a number"; choosing another answer empties the box, so that the two never disagree.
function follow(event) {
  var target = event.target, field = target;
  while (field && field.tagName !== "FIELDSET") field = field.parentNode;
  if (field && target.type === "text" && target.value) field.querySelector("input[value=typed]").checked = true;
  if (field && target.type === "radio" && target.value !== "typed") {
    var box = field.querySelector("input[type=text]");
    if (box) box.value = "";
  }
  update();
}

[].forEach.call(document.querySelectorAll(".live"), function (element) { element.hidden = false; });
id("form").addEventListener("input", follow);
id("form").addEventListener("change", follow);
id("form").addEventListener("submit", function (event) { event.preventDefault(); });
id("form").addEventListener("reset", function () { setTimeout(update, 0); });
window.addEventListener("pageshow", update);
// On paper every points table stands open; on the screen each is as it was.
["beforeprint", "afterprint"].forEach(function (moment) {
  window.addEventListener(moment, function () {
    [].forEach.call(document.querySelectorAll("details"), function (one) {
      if (moment === "beforeprint") { one.wasOpen = one.open; one.open = true; } else one.open = one.wasOpen;
    });
  });
});
update();
}());
