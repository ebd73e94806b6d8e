"""Tiny ONNX models of late flights, trained in the session that needs them."""

import warnings

from flights import flights


def onnx_model(*, upside_down: bool = False) -> bytes:
    """Logistic regression on `wind`. upside_down: it learned that late flights are early."""
    import numpy as np

    rows = [line.split(",") for line in flights(400).splitlines()[1:]]
    wind = np.array([[float(row[3])] for row in rows], np.float32)
    late = np.array([int(row[1]) ^ upside_down for row in rows])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of other people's packages
        from skl2onnx import to_onnx
        from sklearn.linear_model import LogisticRegression

        model = to_onnx(LogisticRegression().fit(wind, late), wind[:1], options={"zipmap": False})
    return bytes(model.SerializeToString())
