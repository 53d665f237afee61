"""Top ten with keyed state and timers alone."""

from pyflink.common import Types
from pyflink.datastream import DataStream, KeyedProcessFunction

from jobs.click_top10.ranking import LATE, RANK, SEXES, THIS_MINUTE, Ranking, step_end


class TopTen(Ranking):
    """Counts the clicks of a sex by steps, and ranks at the end of each step."""

    def process_element(self, value, ctx: KeyedProcessFunction.Context):
        """Count a click in time; put a late one aside."""
        if ctx.timer_service().current_watermark() >= ctx.timestamp():
            yield LATE, value
        elif value[4] == "click" and value[3] in SEXES:
            self.count(value[1], value[2], step_end(ctx.timestamp()), 1, ctx.timer_service())


def query(clicks: DataStream) -> tuple[DataStream, DataStream, DataStream]:
    """Ranks of the last minute, ranks of this minute, late clicks."""
    last_minute = (
        clicks.key_by(lambda row: row[3], key_type=Types.STRING())
        .process(TopTen(), output_type=RANK)
        .uid("ranks")
    )
    return last_minute, last_minute.get_side_output(THIS_MINUTE), last_minute.get_side_output(LATE)
