"""Where scores come from: a predictions file, a command of the consumer, or an ONNX model."""
