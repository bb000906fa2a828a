"""A chart on a wall: what is measured in pixels grows, what is measured in data stays."""

from dashboard.charts.base import new_figure
from dashboard.charts.enlarged import enlarged
from dashboard.looks import looks


def test_type_lines_and_shifts_grow_and_data_stay():
    figure = new_figure(looks("light", True), 400)
    figure.add_bar(x=[1, 2], y=[10, 20], width=[0.5, 0.5])
    figure.add_scatter(x=[1], y=[2], marker={"size": [8]}, line={"width": 2})
    figure.add_annotation(x=1, y=2, text='<span style="font-size:12px">n</span>', xshift=4, font={"size": 14})
    figure.add_shape(type="rect", xsizemode="pixel", xanchor=1, x0=-3, x1=3, y0=0, y1=5)
    larger = enlarged(figure, 1.5)
    bar, line = larger.data
    assert list(bar.y) == [10, 20] and list(bar.width) == [0.5, 0.5]
    assert list(line.marker.size) == [12] and line.line.width == 3
    note, shape = larger.layout.annotations[-1], larger.layout.shapes[-1]
    assert (note.font.size, note.xshift, note.x) == (21, 6, 1) and "font-size:18px" in note.text
    assert (shape.x0, shape.x1, shape.y1) == (-4.5, 4.5, 5)
    assert larger.layout.height == 600 and larger.layout.margin.t == figure.layout.margin.t * 1.5
    assert figure.layout.height == 400
    # SIMULATED and the words for phones grow as well: in a narrow window all of it is shown smaller.
    assert larger.layout.annotations[0].font.size == 1.5 * figure.layout.annotations[0].font.size
