"""The methods in words, for the methods page: one short paragraph each, plain English, translated like any page text.

The numbers in them are constants of the code; a test holds the two together.
"""

from typing import Final

from dashboard.i18n import N_

WORDS: Final[dict[str, str]] = {
    "interval": N_(
        "Each rate has a 95% interval (Wilson). If chance alone were at work, 19 of 20 such intervals would "
        "hold the true rate. Where a count is given as a range, the lower limit uses its low end and the "
        "upper limit its high end."
    ),
    "design_effect": N_(
        "Residents who get the same request tend to answer alike, so 100 answers tell less than 100 separate "
        "ones. We measure how much less: we compare how far blocks differ with how far chance would make them "
        "differ. The interval is widened by that, and never narrowed. From 20 agencies on we also compare "
        "agencies, and use the wider result. With fewer than 20 exact blocks we use the larger of two values: "
        "that of the blocks and the usual value inside one agency. Where that is not known either, we assume "
        "that two answers to one request agree as much as a correlation of 0.2 makes them. That is a cautious "
        "choice, not a finding."
    ),
    "funnel": N_(
        "The funnel plot shows where agencies would lie if they all had the same rate. About 95% of them "
        "would lie inside the dashed lines and 99.8% inside the solid lines. The lines allow for the usual "
        "spread between agencies. An agency given as a range is outside only if the whole range is. With "
        "fewer than 10 agencies we draw no lines. Inside the lines, a difference is no news. The plot is not "
        "a ranking."
    ),
    "shrinkage": N_(
        "Where a list must be sorted, we sort by a cautious rate. It is pulled towards the rate of all "
        "agencies, and the more so the fewer residents were asked (empirical Bayes). So a small agency does "
        "not lead the list by luck."
    ),
    "difference": N_(
        "Two rates differ only if the 95% interval of their difference (Newcombe) leaves out zero. If it does "
        "not, we say that they cannot be told apart. That does not mean that they are the same."
    ),
    "many": N_(
        "Who tests many agencies will find something by chance. We hold the share of false alarms among the "
        "finds at 5% on average (Benjamini and Hochberg)."
    ),
    "spike": N_(
        "A month stands out if it has more requests than the agency's own last 24 months make likely. At "
        "least 12 of them must be known. The test allows for months that vary more than chance."
    ),
    "change": N_(
        "We test for a change only at a date that was named beforehand, such as a new law. With 8 periods or "
        "more on each side we look for a jump on top of the trend. With fewer we show the two rates. Either "
        "way it is an association: other things may have changed on that date."
    ),
}
