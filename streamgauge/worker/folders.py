"""Files' sources and sinks of streams, led to the run's folders where they are built."""

from pyflink.datastream.connectors.file_system import (
    BucketAssigner,
    FileSink,
    FileSource,
    FileSourceBuilder,
)

from .led import Led

# What a program may write by itself; a sink with a key has a changelog in streaming.
_ROWS = ("csv", "json")


class Folders(Led):
    """Of a program that calls its paths by the names of tables."""

    def __init__(self, *known):
        super().__init__(*known)
        # Builders of sources that read a run's folder, which has an end.
        self._led = []

    def instead(self):
        """(class, name, what stands in its place)."""
        for name in ("for_record_stream_format", "for_bulk_file_format"):
            yield FileSource, name, staticmethod(self._reading(getattr(FileSource, name)))
        yield FileSourceBuilder, "monitor_continuously", self._monitoring()
        yield FileSink, "for_row_format", staticmethod(self._rows(FileSink.for_row_format))
        yield FileSink, "for_bulk_format", staticmethod(self._bulk(FileSink.for_bulk_format))
        builder = FileSink.BaseBuilder
        yield builder, "with_bucket_assigner", self._assigning(builder.with_bucket_assigner)

    def _reading(self, begin):
        def begun(stream_format, *paths):
            options = self.options("FileSource", paths, "path")
            builder = begin(stream_format, *(self.place(path, "path") for path in paths))
            if options:
                self._led.append(builder)
            return builder

        return begun

    def _monitoring(self):
        monitor = FileSourceBuilder.monitor_continuously

        def monitored(builder, *arguments, **more):
            return builder if builder in self._led else monitor(builder, *arguments, **more)

        return monitored

    # Programs may say either argument by its name.
    def _rows(self, begin):
        def begun(base_path, encoder):
            return self._begun(base_path, lambda path: begin(path, encoder))

        return begun

    def _bulk(self, begin):
        def begun(base_path, writer_factory):
            return self._begun(base_path, lambda path: begin(path, writer_factory))

        return begun

    def _begun(self, path, begin):
        """A sink's builder; that of a run's folder puts all files right into it."""
        options = self.options("FileSink", [path], "path")
        if not options:
            return begin(path)
        if options["format"] not in _ROWS:
            told = (path, options["format"])
            raise RuntimeError("FileSink: %s is read as %s in this run, and not row by row" % told)
        builder = begin(options["path"])
        builder.with_bucket_assigner(BucketAssigner.base_path_bucket_assigner())
        self._led.append(builder)
        return builder

    def _assigning(self, assign):
        def assigned(builder, bucket_assigner):
            return builder if builder in self._led else assign(builder, bucket_assigner)

        return assigned
